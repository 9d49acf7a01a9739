package org.elasticreset.learner;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * Tells with each step what the learner spent its time on since the step before. Kept apart from
 * the loop: nothing of it enters training, or metrics.jsonl.
 */
final class TimedSteps implements Outbox {

  private final Outbox outbox;
  private final TrainingProgress progress;
  private final Map<Phase, Double> toldOf = new EnumMap<>(Phase.class);

  TimedSteps(Outbox outbox, TrainingProgress progress) {
    this.outbox = outbox;
    this.progress = progress;
  }

  @Override
  public void issue(PromptBatch batch) {
    outbox.issue(batch);
  }

  @Override
  public void issueAll(List<PromptBatch> batches) {
    outbox.issueAll(batches);
  }

  @Override
  public void awaitIssued() {
    outbox.awaitIssued();
  }

  @Override
  public void report(TrainingEvent event) {
    if (!event.hasTrainingStep()) {
      outbox.report(event);
      return;
    }
    TrainingEvent.Builder timed = event.toBuilder();
    for (Phase phase : Phase.values()) {
      double seconds = progress.seconds(phase);
      Double before = toldOf.put(phase, seconds);
      double since = seconds - (before == null ? 0 : before);
      if (since > 0) {
        timed
            .getTrainingStepBuilder()
            .putPhaseSeconds(phase.name().toLowerCase(Locale.ROOT), since);
      }
    }
    outbox.report(timed.build());
  }
}
