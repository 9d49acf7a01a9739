package org.elasticreset.learner;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.proto.v1.ScoredRollout;
import org.jspecify.annotations.Nullable;

/**
 * The topic {@code scored-rollouts}, handed to the loop through a bounded queue: while it is full
 * the channel is paused, and rollouts wait in Kafka.
 *
 * <p>A rollout is acknowledged when it is in the queue, so it comes at least once as long as this
 * process lives, and {@link WorkInFlight} drops what comes twice. Offsets mean something within a
 * run only; a learner that starts again does not resume from them yet.
 */
@ApplicationScoped
class KafkaInbox implements Inbox {

  private static final int CAPACITY = 1024;

  private final BlockingQueue<ReceivedRollout> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final CompletableFuture<ScoredRolloutCheck> check = new CompletableFuture<>();

  /** Rollouts are taken from now on, if they pass. */
  void open(ScoredRolloutCheck ofTheModel) {
    check.complete(ofTheModel);
  }

  /** Refuses by throwing what cannot be used, which then goes to the dead letters. */
  @Incoming("scored-rollouts")
  @Blocking
  void receive(ScoredRollout message) throws InterruptedException {
    try {
      queue.put(check.get().check(message));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) throws InterruptedException {
    return queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
