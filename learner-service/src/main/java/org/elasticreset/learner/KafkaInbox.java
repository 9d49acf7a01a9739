package org.elasticreset.learner;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.tracing.Traceparent;
import org.jspecify.annotations.Nullable;

/**
 * The topic {@code scored-rollouts}, handed to the loop through a bounded queue: while it is full
 * the channel is paused, and rollouts wait in Kafka.
 *
 * <p>Kafka's own offsets are not used: how far the run has read stands in its checkpoint, with what
 * it learnt from that ({@link ScoredRolloutsPosition}).
 */
@ApplicationScoped
class KafkaInbox implements Inbox {

  private static final String SCORED_ROLLOUTS = "scored-rollouts";
  private static final int CAPACITY = 1024;

  private final BlockingQueue<ReceivedRollout> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final CompletableFuture<RolloutReader> check = new CompletableFuture<>();
  private final CompletableFuture<Map<Integer, Long>> start = new CompletableFuture<>();

  /** By partition: the record behind the newest one taken from the channel. */
  private final Map<Integer, Long> next = new ConcurrentHashMap<>();

  /** What passes is taken. */
  void accept(RolloutReader ofTheModel) {
    check.complete(ofTheModel);
  }

  @Override
  public void open(Map<Integer, Long> offsets) {
    next.putAll(offsets);
    start.complete(offsets);
  }

  /** Nothing is read any more, if it ever was. */
  void close() {
    start.cancel(false);
  }

  /** Where to read on, by partition; waits until the run knows. Empty if it ended before. */
  Optional<Map<Integer, Long>> position() throws InterruptedException {
    try {
      start.get();
      return Optional.of(Map.copyOf(next));
    } catch (CancellationException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Refuses by throwing what cannot be used, which then goes to the dead letters. */
  @Incoming(SCORED_ROLLOUTS)
  @Blocking
  void receive(ConsumerRecord<String, ScoredRollout> record) throws InterruptedException {
    try {
      next.put(record.partition(), record.offset() + 1);
      queue.put(
          check
              .get()
              .check(
                  new ReceivedRollout.Source(
                      record.partition(),
                      record.offset(),
                      Instant.ofEpochMilli(record.timestamp()),
                      Traceparent.in(record.headers())),
                  record.value()));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Takes no other rollout: one that finds no worker thread any more would be a dead letter. */
  void onStop(@Observes ShutdownEvent event, ChannelRegistry channels) {
    PausableChannel incoming = channels.getPausable(SCORED_ROLLOUTS);
    if (incoming != null) {
      incoming.pause();
    }
  }

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) throws InterruptedException {
    return queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
