package org.elasticreset.model.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DistributionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500ms | 0.5",
        "fixed:2s | 2",
        "250us | 0.00025",
        "exponential:1.5s | 1.5",
        "lognormal:500ms,0.5 | 0.5",
        "lognormal:1m,1 | 60"
      })
  void meanIsTheFirstFigure(String words, double seconds) {
    Distribution distribution = Distribution.ofDurations("key", words);
    var random = new SplittableRandom(1);

    double mean =
        DoubleStream.generate(() -> distribution.draw(random)).limit(200_000).average().orElse(0);

    assertThat(distribution.mean()).isEqualTo(seconds);
    assertThat(mean).isCloseTo(seconds, within(seconds * 0.02));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "500", "ms", "-1ms", "500ms,0.5", "lognormal:500ms", "normal:1s", "1ms,"})
  void whatIsNoDurationIsRefusedWithItsKey(String words) {
    assertThatThrownBy(() -> Distribution.ofDurations("a.key", words))
        .hasMessage(
            "a.key: "
                + words
                + " (expected: a duration such as 500ms, or exponential:500ms, or"
                + " lognormal:500ms,0.5)");
  }
}
