package org.elasticreset.learner;

import java.util.List;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/** Where work and events go. */
interface Outbox {

  /** Gives a batch to the rollout workers; it may be on its way yet when this returns. */
  void issue(PromptBatch batch);

  /** The same with many, in their order, which may be on their way at the same time. */
  default void issueAll(List<PromptBatch> batches) {
    batches.forEach(this::issue);
  }

  /**
   * Returns once the broker has every batch that was issued: for who has nothing else to do. What
   * becomes of one that never comes is the same as of one that a worker lost.
   *
   * @throws RuntimeException if the broker did not take one
   */
  default void awaitIssued() {}

  /** Tells the world what happened; returns once the broker has it. */
  void report(TrainingEvent event);
}
