package org.elasticreset.learner;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * The topics {@code prompts} and {@code training-events}. The broker has a message once all
 * replicas do; a refusal of prompts is told to whoever waits for them, or issues the next.
 */
@ApplicationScoped
class KafkaOutbox implements Outbox {

  /** Fewer than an emitter holds (smallrye.messaging.emitter.default-buffer-size, 128). */
  private static final int ON_THEIR_WAY = 64;

  private final MutinyEmitter<Record<String, PromptBatch>> prompts;
  private final MutinyEmitter<Record<String, TrainingEvent>> events;
  private CompletableFuture<Void> issued = CompletableFuture.completedFuture(null);

  KafkaOutbox(
      @Channel("prompts") MutinyEmitter<Record<String, PromptBatch>> prompts,
      @Channel("training-events") MutinyEmitter<Record<String, TrainingEvent>> events) {
    this.prompts = prompts;
    this.events = events;
  }

  @Override
  public void issue(PromptBatch batch) {
    issueAll(List.of(batch));
  }

  /** One wait for many: a step of 64 batches waited for 64 answers of the broker in a row. */
  @Override
  public void issueAll(List<PromptBatch> batches) {
    for (int from = 0; from < batches.size(); from += ON_THEIR_WAY) {
      awaitIssued();
      List<Uni<Void>> sends =
          batches.subList(from, Math.min(batches.size(), from + ON_THEIR_WAY)).stream()
              .map(batch -> prompts.sendMessage(message(batch)))
              .toList();
      issued = Uni.join().all(sends).andFailFast().replaceWithVoid().subscribeAsCompletionStage();
    }
  }

  @Override
  public void awaitIssued() {
    try {
      issued.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException refused ? refused : e;
    }
  }

  private static Message<Record<String, PromptBatch>> message(PromptBatch batch) {
    return Message.of(Record.of(batch.getBatchId(), batch))
        .addMetadata(TracingMetadata.withCurrent(Context.current()));
  }

  @Override
  public void report(TrainingEvent event) {
    events.sendAndAwait(Record.of(event.getRunId(), event));
  }
}
