package org.elasticreset.learner;

import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * Of a learner that learns from another run's rollouts: it awaits them by the ids that it would
 * have given them itself, and leaves it to the other learner to ask for them, and to ask again.
 */
record EventsOnly(Outbox outbox) implements Outbox {

  @Override
  public void issue(PromptBatch batch) {
    // Asked for already.
  }

  @Override
  public void report(TrainingEvent event) {
    outbox.report(event);
  }
}
