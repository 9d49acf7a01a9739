package org.elasticreset.learner;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaRecordBatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
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

  /** Of what polls bring, each at most {@code max.poll.records}. */
  private static final int CAPACITY = 2;

  private final BlockingQueue<List<ReceivedRollout>> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final CompletableFuture<RolloutReader> check = new CompletableFuture<>();
  private final CompletableFuture<Map<Integer, Long>> start = new CompletableFuture<>();

  /** By partition: the record behind the newest one taken from the channel. */
  private final Map<Integer, Long> next = new ConcurrentHashMap<>();

  /** What is left of the poll that the loop takes from; the loop's alone. */
  private Iterator<ReceivedRollout> taken = Collections.emptyIterator();

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

  /**
   * Takes what one poll brought: a record at a time, each would wake two threads. What cannot be
   * used is refused alone, and goes to the dead letters; nothing is thrown for it, which would end
   * the channel.
   */
  @Incoming(SCORED_ROLLOUTS)
  @Blocking
  CompletionStage<Void> receive(KafkaRecordBatch<String, ScoredRollout> polled)
      throws InterruptedException {
    List<ReceivedRollout> usable = new ArrayList<>();
    List<CompletableFuture<Void>> refused = new ArrayList<>();
    RolloutReader reader = reader();
    for (KafkaRecord<String, ScoredRollout> message : polled) {
      IncomingKafkaRecord<?, ?> record = message.unwrap(IncomingKafkaRecord.class);
      next.put(record.getPartition(), record.getOffset() + 1);
      try {
        usable.add(reader.check(source(record), present(message.getPayload())));
      } catch (RuntimeException e) {
        refused.add(message.nack(e).toCompletableFuture());
      }
    }
    if (!usable.isEmpty()) {
      queue.put(usable);
    }
    return CompletableFuture.allOf(refused.toArray(CompletableFuture[]::new));
  }

  private RolloutReader reader() throws InterruptedException {
    try {
      return check.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private static ReceivedRollout.Source source(IncomingKafkaRecord<?, ?> record) {
    return new ReceivedRollout.Source(
        record.getPartition(),
        record.getOffset(),
        record.getTimestamp(),
        Traceparent.in(record.getHeaders()));
  }

  /** Bytes that did not parse come as null, as a tombstone does; a header says why. */
  private static ScoredRollout present(@Nullable ScoredRollout message) {
    if (message == null) {
      throw new IllegalArgumentException(
          "record: a tombstone, or bytes that do not parse (expected: a scored rollout)");
    }
    return message;
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
    if (!taken.hasNext()) {
      List<ReceivedRollout> polled = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (polled == null) {
        return null;
      }
      taken = polled.iterator();
    }
    return taken.next();
  }
}
