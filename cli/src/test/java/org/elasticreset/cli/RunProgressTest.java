package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.elasticreset.proto.v1.AuditEvent;
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
          Path.of("my runs/watched"),
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

  @Test
  void proposedResetComesWithTheCommandThatDecides() {
    progress.show(
        TrainingEvent.newBuilder()
            .setAudit(
                AuditEvent.newBuilder()
                    .setAction("reset-proposed")
                    .setWho("ema-service")
                    .setWhy("12 updates"))
            .build());

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("reset proposed by ema-service: 12 updates; to decide: ./elastic-reset operate")
        .contains("operate 'my runs/watched' approve (or refuse) --by NAME --reason TEXT");
  }

  @Test
  void driftThatIsEstimatedJustBelowNothingIsNothing() {
    progress.show(step(1, StepMetrics.newBuilder().setKlToInitialNats(-2e-7).build()));

    assertThat(out.toString(StandardCharsets.UTF_8)).contains("KL 0.00");
  }

  private static TrainingEvent step(long step) {
    return step(step, StepMetrics.getDefaultInstance());
  }

  private static TrainingEvent step(long step, StepMetrics metrics) {
    return TrainingEvent.newBuilder().setStep(step).setTrainingStep(metrics).build();
  }
}
