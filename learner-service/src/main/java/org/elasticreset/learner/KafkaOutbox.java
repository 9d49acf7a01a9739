package org.elasticreset.learner;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * The topics {@code prompts} and {@code training-events}; waits until all replicas have a message.
 */
@ApplicationScoped
class KafkaOutbox implements Outbox {

  private final MutinyEmitter<Record<String, PromptBatch>> prompts;
  private final MutinyEmitter<Record<String, TrainingEvent>> events;

  KafkaOutbox(
      @Channel("prompts") MutinyEmitter<Record<String, PromptBatch>> prompts,
      @Channel("training-events") MutinyEmitter<Record<String, TrainingEvent>> events) {
    this.prompts = prompts;
    this.events = events;
  }

  @Override
  public void issue(PromptBatch batch) {
    prompts.sendAndAwait(Record.of(batch.getBatchId(), batch));
  }

  @Override
  public void report(TrainingEvent event) {
    events.sendAndAwait(Record.of(event.getRunId(), event));
  }
}
