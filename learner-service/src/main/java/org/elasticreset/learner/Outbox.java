package org.elasticreset.learner;

import java.util.List;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/** Where work and events go. Methods return once the broker has what they were given. */
interface Outbox {

  /** Gives a batch to the rollout workers. */
  void issue(PromptBatch batch);

  /** The same with many, in their order, which may be on their way at the same time. */
  default void issueAll(List<PromptBatch> batches) {
    batches.forEach(this::issue);
  }

  /** Tells the world what happened. */
  void report(TrainingEvent event);
}
