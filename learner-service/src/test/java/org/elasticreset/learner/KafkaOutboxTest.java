package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;

/** Next to a broker that answers when the test says so. */
class KafkaOutboxTest {

  private final SlowBroker<PromptBatch> prompts = new SlowBroker<>();
  private final SlowBroker<TrainingEvent> events = new SlowBroker<>();
  private final KafkaOutbox outbox = new KafkaOutbox(prompts, events);

  @Test
  void batchesAreOnTheirWayUntilSomebodyWaitsForThem() throws Exception {
    outbox.issueAll(batches(3));
    assertThat(prompts.answers).hasSize(3);

    CompletableFuture<Void> waiting = CompletableFuture.runAsync(outbox::awaitIssued);
    prompts.answers.get(0).complete(null);
    prompts.answers.get(1).complete(null);
    assertThat(waiting).isNotDone();
    prompts.answers.get(2).complete(null);

    waiting.get(10, TimeUnit.SECONDS);
  }

  @Test
  void noMoreAreOnTheirWayThanAnEmitterHolds() throws Exception {
    CompletableFuture<Void> issuing =
        CompletableFuture.runAsync(() -> outbox.issueAll(batches(65)));
    prompts.awaitSent(64);
    assertThat(issuing).isNotDone();

    List.copyOf(prompts.answers).forEach(answer -> answer.complete(null));
    issuing.get(10, TimeUnit.SECONDS);

    assertThat(prompts.answers).hasSize(65);
  }

  @Test
  void batchThatTheBrokerDoesNotTakeIsToldToWhoeverWaitsOrIssuesTheNext() {
    outbox.issueAll(batches(2));
    prompts.answers.get(1).completeExceptionally(new TimeoutException("no broker"));

    assertThatThrownBy(outbox::awaitIssued).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> outbox.issueAll(batches(1))).isInstanceOf(TimeoutException.class);
    assertThat(prompts.answers).hasSize(2);
  }

  private static List<PromptBatch> batches(int count) {
    return Collections.nCopies(count, PromptBatch.newBuilder().setBatchId("train-1-0").build());
  }

  /** What is sent has arrived when its future is complete. */
  private static final class SlowBroker<T> implements MutinyEmitter<Record<String, T>> {

    final List<CompletableFuture<Void>> answers = Collections.synchronizedList(new ArrayList<>());

    void awaitSent(int count) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (answers.size() < count && System.nanoTime() < deadline) {
        Thread.sleep(1);
      }
      assertThat(answers).hasSize(count);
    }

    @Override
    public <M extends Message<? extends Record<String, T>>> Uni<Void> sendMessage(M message) {
      return Uni.createFrom()
          .deferred(
              () -> {
                CompletableFuture<Void> answer = new CompletableFuture<>();
                answers.add(answer);
                return Uni.createFrom().completionStage(answer);
              });
    }

    @Override
    public Uni<Void> send(Record<String, T> message) {
      return sendMessage(Message.of(message));
    }

    @Override
    public void sendAndAwait(Record<String, T> message) {
      send(message).await().indefinitely();
    }

    @Override
    public Cancellable sendAndForget(Record<String, T> message) {
      return send(message).subscribe().with(ignored -> {});
    }

    @Override
    @SuppressWarnings({"deprecation", "removal"})
    public <M extends Message<? extends Record<String, T>>> void send(M message) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <M extends Message<? extends Record<String, T>>> void sendMessageAndAwait(M message) {
      sendMessage(message).await().indefinitely();
    }

    @Override
    public <M extends Message<? extends Record<String, T>>> Cancellable sendMessageAndForget(
        M message) {
      return sendMessage(message).subscribe().with(ignored -> {});
    }

    @Override
    public void complete() {}

    @Override
    public void error(Exception failure) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean hasRequests() {
      return true;
    }
  }
}
