package org.elasticreset.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.elasticreset.cli.RunNeeds;
import org.junit.jupiter.api.Test;

class ParallelismTest {
  private static final RunNeeds RUN = new RunNeeds(2, 2048);

  @Test
  void coresLimitWhereMemoryIsPlenty() {
    Parallelism two = Parallelism.auto(RUN, 5, OptionalLong.of(100_000));

    assertThat(two.runs()).isEqualTo(2);
    assertThat(two.why())
        .isEqualTo(
            "2 runs side by side: a run uses 2 cores at a time, of 5; 97.7 GiB are free, and it"
                + " takes about 2.0");
  }

  @Test
  void memoryLimitsWhereCoresArePlenty() {
    Parallelism one = Parallelism.auto(RUN, 64, OptionalLong.of(3000));

    assertThat(one.runs()).isEqualTo(1);
    assertThat(one.why()).startsWith("one run after another: ").endsWith(", which is the limit");
  }

  @Test
  void oneRunGoesEvenWhereThereIsTooLittleForIt() {
    assertThat(Parallelism.auto(RUN, 1, OptionalLong.of(10)).runs()).isEqualTo(1);
  }

  @Test
  void userSaysAnother() {
    assertThat(Parallelism.of("3", RUN).runs()).isEqualTo(3);
    assertThatThrownBy(() -> Parallelism.of("many", RUN))
        .hasMessage("--parallel: many (expected: auto, or a number of runs from 1)");
  }
}
