package org.elasticreset.batches;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * {@code commit-strategy=one-at-a-time}, for channels whose batches end in order: a batch that ends
 * is committed at once, or with those that ended while the commit before it was on its way.
 *
 * <p>SmallRye's {@code latest} sends a commit for every record. A broker takes one after the other
 * of a connection, some milliseconds each, so that batches which end sooner leave a queue of
 * commits that grows for as long as the service lives, and that is lost when it stops. Its {@code
 * throttled} never commits a last record whose bytes could not be read.
 *
 * <p>A commit that fails is made again, after a pause: were it left to the next batch, the last one
 * would be work that waits for a worker to whoever scales workers by what is not committed.
 */
final class OneCommitAtATime implements KafkaCommitHandler {

  private static final Logger LOG = Logger.getLogger(OneCommitAtATime.class);

  /** For the last commit of a service that stops, or of partitions that are taken from it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Between a commit that failed and the next. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final KafkaConsumer<?, ?> consumer;
  private final Consumer<Runnable> later;
  private final EndedOffsets offsets = new EndedOffsets();

  OneCommitAtATime(KafkaConsumer<?, ?> consumer, Consumer<Runnable> later) {
    this.consumer = consumer;
    this.later = later;
  }

  /** Makes one for each channel that asks for it. */
  @ApplicationScoped
  @Identifier("one-at-a-time")
  public static class Factory implements KafkaCommitHandler.Factory {
    @Override
    public KafkaCommitHandler create(
        KafkaConnectorIncomingConfiguration channel,
        Vertx vertx,
        KafkaConsumer<?, ?> consumer,
        BiConsumer<Throwable, Boolean> reportFailure) {
      return new OneCommitAtATime(
          consumer, task -> vertx.setTimer(PAUSE.toMillis(), timer -> task.run()));
    }
  }

  @Override
  public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
    offsets.add(new TopicPartition(record.getTopic(), record.getPartition()), record.getOffset());
    commitNext();
    return Uni.createFrom().voidItem().runSubscriptionOn(record::runOnMessageContext);
  }

  private void commitNext() {
    Map<TopicPartition, OffsetAndMetadata> next = offsets.next();
    if (!next.isEmpty()) {
      consumer
          .commitAsync(next)
          .subscribe()
          .with(done -> answered(), failure -> failed(next, failure));
    }
  }

  private void answered() {
    offsets.answered();
    commitNext();
  }

  /** No other commit is sent before the pause is over. */
  private void failed(Map<TopicPartition, OffsetAndMetadata> commit, Throwable failure) {
    LOG.warnf(
        "offsets not committed offsets=%s reason=\"%s\"; tried again in %d s",
        commit, failure, PAUSE.toSeconds());
    offsets.putBack(commit);
    later.accept(this::answered);
  }

  @Override
  public void partitionsAssigned(Collection<TopicPartition> partitions) {
    offsets.assign(partitions);
  }

  /** On the thread that polls, before another consumer has them. */
  @Override
  public void partitionsRevoked(Collection<TopicPartition> partitions) {
    commitLast(offsets.revoke(partitions), left -> consumer.unwrap().commitSync(left, PATIENCE));
  }

  @Override
  public void terminate(boolean graceful) {
    commitLast(offsets.revokeAll(), left -> consumer.commit(left).await().atMost(PATIENCE));
  }

  private static void commitLast(
      Map<TopicPartition, OffsetAndMetadata> left,
      Consumer<Map<TopicPartition, OffsetAndMetadata>> commit) {
    if (!left.isEmpty()) {
      try {
        commit.accept(left);
      } catch (RuntimeException e) {
        LOG.warnf(
            "offsets not committed offsets=%s reason=\"%s\"; what has ended behind the last commit may be done again",
            left, e);
      }
    }
  }
}
