package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;

/** Reads the topic {@code rollouts} of a run while it goes on, as an outsider. */
final class RolloutWitness implements AutoCloseable {
  /** A batch, and when Kafka had it: milliseconds since 1970. */
  record Arrival(RolloutBatch batch, long millis) {}

  private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  RolloutWitness(int kafkaPort, String runId) {
    thread = new Thread(() -> watch(kafkaPort, runId + ".rollouts"), "rollout-witness");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(int kafkaPort, String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + kafkaPort,
                ConsumerConfig.GROUP_ID_CONFIG,
                "witness",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                500,
                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                200),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (!closed) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          arrivals.add(new Arrival(RolloutBatch.parseFrom(record.value()), record.timestamp()));
        }
      }
    } catch (Exception e) {
      if (!closed) {
        e.printStackTrace();
      }
    }
  }

  List<Rollout> seen() {
    return arrivals.stream()
        .flatMap(arrival -> arrival.batch().getRolloutsList().stream())
        .toList();
  }

  List<Arrival> arrivals() {
    return arrivals;
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    thread.interrupt();
    thread.join(5_000);
  }
}
