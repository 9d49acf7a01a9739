package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final RunProgress progress =
      new RunProgress(
          new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), true, 200),
          10,
          System::nanoTime);

  @Test
  void barIsAsLongAsTheRunIsDone() {
    progress.show(step(5));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("█░").contains("step 5/10");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
  void stepThatCannotBeEndsNoRun(long step) {
    progress.show(step(step));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("/10  reward 0.000");
  }

  private static TrainingEvent step(long step) {
    return TrainingEvent.newBuilder()
        .setStep(step)
        .setTrainingStep(StepMetrics.getDefaultInstance())
        .build();
  }
}
