package org.elasticreset.ema;

import org.elasticreset.proto.v1.TrainingEvent;

/** Where audit events are made known, beside the journal that keeps them. */
interface AuditTopic {

  /** Sends an event, at least once and some time; waits for nobody. */
  void publish(TrainingEvent event);
}
