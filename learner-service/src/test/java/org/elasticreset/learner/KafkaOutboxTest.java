package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.elasticreset.proto.v1.PromptBatch;
import org.junit.jupiter.api.Test;

/** Next to a broker that answers when the test says so. */
class KafkaOutboxTest {

  /** What is sent has arrived when its answer is complete. */
  private final List<CompletableFuture<Void>> answers =
      Collections.synchronizedList(new ArrayList<>());

  private final KafkaOutbox outbox = new KafkaOutbox(emitter(), emitter());

  @Test
  void batchesAreOnTheirWayUntilSomebodyWaitsForThem() throws Exception {
    outbox.issueAll(batches(3));
    assertThat(answers).hasSize(3);

    CompletableFuture<Void> waiting = CompletableFuture.runAsync(outbox::awaitIssued);
    answers.get(0).complete(null);
    answers.get(1).complete(null);
    assertThat(waiting).isNotDone();
    answers.get(2).complete(null);

    waiting.get(10, TimeUnit.SECONDS);
  }

  @Test
  void noMoreAreOnTheirWayThanAnEmitterHolds() throws Exception {
    CompletableFuture<Void> issuing =
        CompletableFuture.runAsync(() -> outbox.issueAll(batches(65)));
    awaitSent(64);
    assertThat(issuing).isNotDone();

    List.copyOf(answers).forEach(answer -> answer.complete(null));
    issuing.get(10, TimeUnit.SECONDS);

    assertThat(answers).hasSize(65);
  }

  @Test
  void batchThatTheBrokerDoesNotTakeIsToldToWhoeverWaitsOrIssuesTheNext() {
    outbox.issueAll(batches(2));
    answers.get(1).completeExceptionally(new TimeoutException("no broker"));

    assertThatThrownBy(outbox::awaitIssued).isInstanceOf(TimeoutException.class);
    assertThatThrownBy(() -> outbox.issueAll(batches(1))).isInstanceOf(TimeoutException.class);
    assertThat(answers).hasSize(2);
  }

  private static List<PromptBatch> batches(int count) {
    return Collections.nCopies(count, PromptBatch.newBuilder().setBatchId("train-1-0").build());
  }

  private void awaitSent(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (answers.size() < count && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    assertThat(answers).hasSize(count);
  }

  /** With which nothing else than messages is sent. */
  @SuppressWarnings("unchecked")
  private <T> MutinyEmitter<T> emitter() {
    return (MutinyEmitter<T>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MutinyEmitter.class},
            (emitter, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("sendMessage");
              return Uni.createFrom().deferred(this::sent);
            });
  }

  private Uni<Void> sent() {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    answers.add(answer);
    return Uni.createFrom().completionStage(answer);
  }
}
