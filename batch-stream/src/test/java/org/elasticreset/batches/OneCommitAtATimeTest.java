package org.elasticreset.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.broker.LocalBroker;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(OneCommitAtATimeTest.Broker.class)
class OneCommitAtATimeTest {

  private static final int RECORDS = 1_000;
  private static final TopicPartition PARTITION = new TopicPartition("batches", 0);

  @Inject Batches batches;
  @Inject KafkaClientService clients;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void batchesThatEndFasterThanABrokerCommitsDoNotPileCommitsUp() throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new IntegerSerializer())) {
      for (int record = 0; record < RECORDS; record++) {
        producer.send(new ProducerRecord<>(PARTITION.topic(), 0, "batch", record));
      }
    }

    assertThat(batches.left.await(30, TimeUnit.SECONDS)).isTrue();
    awaitCommit(RECORDS);
    assertThat(commits()).isPositive().isLessThan(RECORDS / 4.0);
  }

  private void awaitCommit(long offset) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      OffsetAndMetadata committed = null;
      for (int attempt = 0; attempt < 150 && !isAt(committed, offset); attempt++) {
        Thread.sleep(200);
        var group = admin.listConsumerGroupOffsets("batch-stream");
        committed = group.partitionsToOffsetAndMetadata().get().get(PARTITION);
      }
      assertThat(committed).isEqualTo(new OffsetAndMetadata(offset));
    }
  }

  private static boolean isAt(@Nullable OffsetAndMetadata committed, long offset) {
    return committed != null && committed.offset() == offset;
  }

  /** How many the channel's consumer has sent, as the Kafka client counts them. */
  private double commits() {
    return clients.getConsumer("batches").unwrap().metrics().entrySet().stream()
        .filter(metric -> metric.getKey().name().equals("commit-total"))
        .mapToDouble(metric -> (double) metric.getValue().metricValue())
        .sum();
  }

  @Test
  void lastCommitThatFailsIsMadeAgainThoughNothingElseEnds() {
    var answers =
        new ArrayDeque<Uni<Void>>(
            List.of(
                Uni.createFrom().failure(new RetriableCommitFailedException("away")),
                Uni.createFrom().voidItem()));
    var sent = new ArrayList<Object>();
    Queue<Runnable> later = new ArrayDeque<>();
    var commits = new OneCommitAtATime(consumer(sent, answers), later::add);
    commits.partitionsAssigned(List.of(PARTITION));

    commits
        .handle(
            new IncomingKafkaRecord<>(
                new ConsumerRecord<>(PARTITION.topic(), 0, 6, "batch", 6),
                "batches",
                0,
                commits,
                null,
                false,
                false))
        .await()
        .indefinitely();
    var commit = Map.of(PARTITION, new OffsetAndMetadata(7));
    assertThat(sent).containsExactly(commit);

    later.remove().run();
    assertThat(sent).containsExactly(commit, commit);
    assertThat(later).isEmpty();
  }

  private static KafkaConsumer<?, ?> consumer(List<Object> sent, Queue<Uni<Void>> answers) {
    return (KafkaConsumer<?, ?>)
        Proxy.newProxyInstance(
            KafkaConsumer.class.getClassLoader(),
            new Class<?>[] {KafkaConsumer.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("commitAsync")) {
                throw new UnsupportedOperationException(method.getName());
              }
              sent.add(arguments[0]);
              return answers.remove();
            });
  }

  /** Ends each batch as soon as it has it. */
  @Singleton
  static class Batches {

    final CountDownLatch left = new CountDownLatch(RECORDS);

    @Incoming("batches")
    void end(int batch) {
      left.countDown();
    }
  }

  /** The broker of this test. */
  public static class Broker implements QuarkusTestResourceLifecycleManager {

    private final LocalBroker broker = LocalBroker.startTemporary();

    @Override
    public Map<String, String> start() {
      try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin
            .createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
            .all()
            .toCompletionStage()
            .toCompletableFuture()
            .join();
      }
      return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
    }

    @Override
    public void stop() {
      broker.close();
    }
  }
}
