package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;

class TimedStepsTest {

  private final Hands clock = new Hands();
  private final TrainingProgress progress = new TrainingProgress(clock);
  private final List<Integer> together = new ArrayList<>();
  private final List<TrainingEvent> told = new ArrayList<>();
  private int waits;
  private final TimedSteps steps =
      new TimedSteps(
          new Outbox() {
            @Override
            public void issue(PromptBatch batch) {}

            @Override
            public void issueAll(List<PromptBatch> batches) {
              together.add(batches.size());
            }

            @Override
            public void awaitIssued() {
              waits++;
            }

            @Override
            public void report(TrainingEvent event) {
              told.add(event);
            }
          },
          progress);

  @Test
  void stepTellsWhatItsTimeWentToSinceTheStepBefore() {
    spend(Phase.WAITING, 3);
    spend(Phase.OPTIMISING, 1);
    steps.report(step());
    spend(Phase.CHECKPOINTING, 2);
    spend(Phase.WAITING, 5);

    steps.report(step());

    assertThat(times(0)).isEqualTo(Map.of("waiting", 3.0, "optimising", 1.0));
    assertThat(times(1)).isEqualTo(Map.of("checkpointing", 2.0, "waiting", 5.0));
  }

  @Test
  void batchesOfAStepGoOnTogether() {
    steps.issueAll(List.of(PromptBatch.getDefaultInstance(), PromptBatch.getDefaultInstance()));

    assertThat(together).containsExactly(2);
  }

  @Test
  void whoWaitsForBatchesWaitsForTheBroker() {
    steps.awaitIssued();

    assertThat(waits).isEqualTo(1);
  }

  @Test
  void otherEventsAreToldAsTheyAre() {
    spend(Phase.WAITING, 3);
    TrainingEvent evaluation =
        TrainingEvent.newBuilder()
            .setEvaluation(EvaluationMetrics.newBuilder().setRewardMean(1))
            .build();

    steps.report(evaluation);

    assertThat(told).containsExactly(evaluation);
  }

  private void spend(Phase phase, int seconds) {
    progress.enter(phase);
    clock.now = clock.now.plusSeconds(seconds);
  }

  private Map<String, Double> times(int event) {
    return told.get(event).getTrainingStep().getPhaseSecondsMap();
  }

  private static TrainingEvent step() {
    return TrainingEvent.newBuilder()
        .setTrainingStep(StepMetrics.newBuilder().setRewardMean(0.5))
        .build();
  }

  private static final class Hands extends Clock {

    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("instants have no zone");
    }
  }
}
