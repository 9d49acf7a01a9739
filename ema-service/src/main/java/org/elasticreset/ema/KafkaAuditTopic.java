package org.elasticreset.ema;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.elasticreset.proto.v1.TrainingEvent;

/** The topic {@code training-events}, keyed by run, beside the learner's own events. */
@ApplicationScoped
class KafkaAuditTopic implements AuditTopic {

  private final MutinyEmitter<Record<String, TrainingEvent>> events;

  KafkaAuditTopic(@Channel("training-events") MutinyEmitter<Record<String, TrainingEvent>> events) {
    this.events = events;
  }

  @Override
  public void publish(TrainingEvent event) {
    events.sendAndForget(Record.of(event.getRunId(), event));
  }
}
