package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.PromptBatch;
import org.junit.jupiter.api.Test;

/** The recipe of docs/adr/0003-poison-messages.md on a real broker. */
@QuarkusTest
@QuarkusTestResource(PoisonMessageTest.Broker.class)
class PoisonMessageTest {

  private static final byte[] GARBAGE = "not protobuf".getBytes(StandardCharsets.UTF_8);
  private static final byte[] FOREIGN = batch("another-run", "train-1-0");

  @Inject Consumer consumer;
  @Inject MeterRegistry metrics;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void poisonGoesToTheDeadLettersWithItsReasonAndTheChannelGoesOn() throws Exception {
    send(GARBAGE, FOREIGN, batch("test-run", "train-1-1"));

    assertThat(consumer.received.poll(20, TimeUnit.SECONDS)).isEqualTo("train-1-1");
    assertThat(consumer.received).isEmpty();
    var dead = deadLetters(2);
    assertThat(dead).extracting(ConsumerRecord::value).containsExactly(GARBAGE, FOREIGN);
    assertThat(dead).extracting(ConsumerRecord::key).containsOnly("key");
    assertThat(header(dead.get(0), "deserialization-failure-reason"))
        .startsWith("record on test-run.prompts: 12 bytes (expected: a PromptBatch");
    assertThat(dead)
        .extracting(letter -> header(letter, "dead-letter-reason"))
        .satisfies(
            reasons ->
                assertThat(reasons.get(0))
                    .contains("record on test-run.prompts: 12 bytes (expected: a PromptBatch"),
            reasons ->
                assertThat(reasons.get(1)).isEqualTo("run-id: another-run (expected: test-run)"));
    assertThat(dead)
        .extracting(letter -> header(letter, "dead-letter-topic"))
        .containsOnly("test-run.prompts");
    assertThat(counted()).isEqualTo(2);
    assertThat(committedWithin(Duration.ofSeconds(15))).isEqualTo(3);
  }

  private double counted() {
    return metrics
        .get("kafka.producer.record.send.total")
        .tag("client.id", "dead-letters-of-prompts")
        .functionCounter()
        .count();
  }

  private void send(byte[]... values) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (var value : values) {
        producer.send(new ProducerRecord<>("test-run.prompts", 0, "key", value));
      }
    }
  }

  private List<ConsumerRecord<String, byte[]>> deadLetters(int count) {
    try (var reader =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      var partition = new TopicPartition("test-run.dead-letters", 0);
      reader.assign(List.of(partition));
      reader.seekToBeginning(List.of(partition));
      var letters = new ArrayList<ConsumerRecord<String, byte[]>>();
      for (int poll = 0; poll < 100 && letters.size() < count; poll++) {
        reader.poll(Duration.ofMillis(200)).forEach(letters::add);
      }
      return letters;
    }
  }

  private long committedWithin(Duration timeout) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      var partition = new TopicPartition("test-run.prompts", 0);
      long offset = -1;
      long end = System.nanoTime() + timeout.toNanos();
      while (offset < 3 && System.nanoTime() < end) {
        var offsets = admin.listConsumerGroupOffsets("test-run.poison-test");
        var committed = offsets.partitionsToOffsetAndMetadata().get();
        OffsetAndMetadata ofPartition = committed.get(partition);
        offset = ofPartition == null ? -1 : ofPartition.offset();
        Thread.sleep(200);
      }
      return offset;
    }
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    var header = Objects.requireNonNull(record.headers().lastHeader(name), name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  private static byte[] batch(String runId, String batchId) {
    return PromptBatch.newBuilder().setRunId(runId).setBatchId(batchId).build().toByteArray();
  }

  /** A stage as the services have it: what it cannot use, it refuses by throwing. */
  @Singleton
  static class Consumer {

    final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @Incoming("prompts")
    void consume(PromptBatch batch) {
      if (!batch.getRunId().equals("test-run")) {
        throw new IllegalArgumentException(
            "run-id: %s (expected: test-run)".formatted(batch.getRunId()));
      }
      received.add(batch.getBatchId());
    }
  }

  /** The broker of this test. */
  public static class Broker implements QuarkusTestResourceLifecycleManager {

    private final LocalBroker broker = LocalBroker.startTemporary();

    @Override
    public Map<String, String> start() {
      KafkaTopics.create(broker.bootstrapServers(), "test-run");
      return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
    }

    @Override
    public void stop() {
      broker.close();
    }
  }
}
