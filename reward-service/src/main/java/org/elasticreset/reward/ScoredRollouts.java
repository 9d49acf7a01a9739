package org.elasticreset.reward;

import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.tracing.Traceparent;

/**
 * The topic {@code scored-rollouts}. It uses the producer of the channel: an emitter takes each
 * record through two threads, and a batch goes to Kafka in one call here.
 */
@ApplicationScoped
class ScoredRollouts {

  private static final String CHANNEL = "scored-rollouts";
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(20);

  /** What no patience mends. */
  private static final List<Class<? extends Exception>> HOPELESS =
      List.of(
          InvalidTopicException.class,
          RecordBatchTooLargeException.class,
          RecordTooLargeException.class,
          SerializationException.class);

  private final KafkaClientService clients;
  private final String topic;
  private final long patienceMillis;

  ScoredRollouts(
      KafkaClientService clients,
      @ConfigProperty(name = "mp.messaging.outgoing.scored-rollouts.topic") String topic,
      @ConfigProperty(name = "mp.messaging.outgoing.scored-rollouts.delivery.timeout.ms")
          long patienceMillis) {
    this.clients = clients;
    this.topic = topic;
    this.patienceMillis = patienceMillis;
  }

  /**
   * Sends a record for each, with the header of the one span of all of them. Done once Kafka has
   * all; if it refuses one, all are sent again for as long as a broker is waited for, and the
   * learner drops the copies.
   */
  Uni<Void> send(List<ScoredRollout> rollouts, Context context) {
    if (rollouts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    KafkaProducer<String, ScoredRollout> producer = clients.getProducer(CHANNEL);
    Optional<byte[]> traceparent =
        Traceparent.of(context).map(value -> value.getBytes(StandardCharsets.US_ASCII));
    Function<Producer<String, ScoredRollout>, CompletableFuture<Void>> sending =
        kafka -> sendAll(kafka, rollouts, traceparent);
    return producer
        .runOnSendingThread(sending)
        .chain(sent -> Uni.createFrom().completionStage(sent))
        .onFailure(failure -> !HOPELESS.contains(failure.getClass()))
        .retry()
        .withBackOff(SOON, LATER)
        .expireIn(patienceMillis);
  }

  private CompletableFuture<Void> sendAll(
      Producer<String, ScoredRollout> kafka,
      List<ScoredRollout> rollouts,
      Optional<byte[]> traceparent) {
    CompletableFuture<Void> all = new CompletableFuture<>();
    AtomicInteger missing = new AtomicInteger(rollouts.size());
    for (ScoredRollout rollout : rollouts) {
      ProducerRecord<String, ScoredRollout> record =
          new ProducerRecord<>(topic, rollout.getRollout().getRolloutId(), rollout);
      traceparent.ifPresent(value -> record.headers().add(Traceparent.NAME, value));
      kafka.send(
          record,
          (metadata, failure) -> {
            if (failure != null) {
              all.completeExceptionally(failure);
            } else if (missing.decrementAndGet() == 0) {
              all.complete(null);
            }
          });
    }
    // The batch is whole: it need not linger for what might follow.
    kafka.flush();
    return all;
  }
}
