package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecondPlayerTest {
  private static final TrainingEvent STEP =
      TrainingEvent.newBuilder()
          .setSequence(1)
          .setStep(1)
          .setTrainingStep(StepMetrics.getDefaultInstance())
          .build();
  private static final TrainingEvent END =
      TrainingEvent.newBuilder().setSequence(2).setRunEnded(RunEnded.getDefaultInstance()).build();

  @TempDir private Path directory;

  @Test
  void nobodyIsNotWaitedFor() throws Exception {
    try (SecondPlayer nobody = SecondPlayer.none()) {
      nobody.replay();
      nobody.poll(Duration.ZERO);

      assertThat(nobody.hasEnded()).isTrue();
    }
  }

  @Test
  void whatItTellsIsRecordedUntilItsEnd() throws Exception {
    try (SecondPlayer second = player(List.of(STEP), List.of(END))) {
      second.replay();
      assertThat(second.hasEnded()).isFalse();
      second.poll(Duration.ZERO);

      assertThat(second.hasEnded()).isTrue();
    }
    assertThat(Files.readAllLines(directory.resolve("metrics"))).hasSize(1);
  }

  private SecondPlayer player(List<TrainingEvent> earlier, List<TrainingEvent> later)
      throws IOException {
    TrainingEventSource events =
        new TrainingEventSource() {
          @Override
          public void replay(Consumer<TrainingEvent> consumer) {
            earlier.forEach(consumer);
          }

          @Override
          public List<TrainingEvent> poll(Duration timeout) {
            return later;
          }

          @Override
          public void close() {}
        };
    return SecondPlayer.of(
        events, new RunRecorder(directory.resolve("metrics"), directory.resolve("samples")));
  }
}
