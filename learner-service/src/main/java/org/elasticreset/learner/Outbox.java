package org.elasticreset.learner;

import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/** Where work and events go. Both methods return once the broker has the message. */
interface Outbox {

  /** Gives a batch to the rollout workers. */
  void issue(PromptBatch batch);

  /** Tells the world what happened. */
  void report(TrainingEvent event);
}
