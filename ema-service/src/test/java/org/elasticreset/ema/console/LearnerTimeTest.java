package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;

class LearnerTimeTest {

  private final LearnerTime learner = new LearnerTime();

  @Test
  void sharesAreOfTheLastStepsWithoutPauses() {
    for (int i = 1; i <= 5; i++) {
      learner.take(step(i, Map.of("waiting", 100.0, "optimising", 0.0)));
    }
    for (int i = 6; i <= 15; i++) {
      learner.take(step(i, Map.of("waiting", 1.0, "optimising", 3.0, "paused", 50.0)));
    }

    assertThat(learner.shares()).isEqualTo(Map.of("waiting", 0.25, "optimising", 0.75));
    assertThat(learner.secondsPerStep()).hasValue(4);
  }

  @Test
  void whatIsToldAgainReplacesWhatWasToldBefore() {
    learner.take(step(1, Map.of("waiting", 1.0)));
    learner.take(step(2, Map.of("waiting", 9.0)));

    learner.take(step(2, Map.of("optimising", 1.0)));

    assertThat(learner.shares()).isEqualTo(Map.of("waiting", 0.5, "optimising", 0.5));
  }

  @Test
  void olderLearnerSaysNothing() {
    learner.take(step(1, Map.of()));

    assertThat(learner.shares()).isEmpty();
    assertThat(learner.secondsPerStep()).isEmpty();
  }

  private static TrainingEvent step(long sequence, Map<String, Double> seconds) {
    return TrainingEvent.newBuilder()
        .setSequence(sequence)
        .setTrainingStep(StepMetrics.newBuilder().putAllPhaseSeconds(seconds))
        .build();
  }
}
