package org.elasticreset.learner;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/** Answers the prompts of each step with the rollouts of a reference, in their order. */
final class ReferenceRollouts implements Inbox, Outbox {

  private final List<ReferenceNumbers> steps;
  private final Supplier<PolicyStamp> newest;
  private final Deque<ReceivedRollout> scored = new ArrayDeque<>();
  private final Map<Long, Integer> answered = new TreeMap<>();
  private final List<TrainingEvent> events = new ArrayList<>();
  private long offset;

  /**
   * @param steps what each training step is given
   */
  ReferenceRollouts(List<ReferenceNumbers> steps, Supplier<PolicyStamp> newest) {
    this.steps = steps;
    this.newest = newest;
  }

  /** What the learner reported of a step. */
  StepMetrics metrics(long step) {
    return events.stream()
        .filter(event -> event.hasTrainingStep() && event.getStep() == step)
        .findFirst()
        .orElseThrow()
        .getTrainingStep();
  }

  @Override
  public void issue(PromptBatch batch) {
    ReferenceNumbers step = steps.get((int) batch.getTargetStep() - 1);
    for (Prompt prompt : batch.getPromptsList()) {
      int row = answered.merge(batch.getTargetStep(), 1, Integer::sum) - 1;
      scored.add(
          new ReceivedRollout(
              new ReceivedRollout.Source(0, offset++),
              batch.getPurpose(),
              batch.getTargetStep(),
              rollout(step, row, prompt.getRolloutId()),
              prompt.getText(),
              "",
              OptionalDouble.empty()));
    }
  }

  private Rollout rollout(ReferenceNumbers step, int row, String id) {
    return new Rollout(
        id,
        step.tokens("prompt").get(row),
        step.tokens("response").get(row),
        step.floats("drawn_log_probs").get(row),
        step.column("score")[row],
        newest.get(),
        false);
  }

  @Override
  public void report(TrainingEvent event) {
    events.add(event);
  }

  @Override
  public void open(Map<Integer, Long> offsets) {}

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) {
    return scored.poll();
  }
}
