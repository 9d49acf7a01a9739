package org.elasticreset.reward.learned;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.jspecify.annotations.Nullable;

/**
 * {@code reward-models} to the one who trains. Kafka sees to it that there is one: whoever begins
 * fences off the one before, whose announcements then fail, and reads all that it announced.
 */
final class KafkaAnnouncements implements Announcements {

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final String topic;
  private final KafkaProducer<String, RewardModelVersion> producer;
  private @Nullable RewardModelVersion newest;
  private @Nullable RewardModelVersion adopted;

  /**
   * Fences off, and reads.
   *
   * @param client settings of a client of Kafka
   * @throws org.apache.kafka.common.KafkaException if Kafka does not answer
   */
  KafkaAnnouncements(String runId, Map<String, ?> client) {
    this.topic = VersionTopic.name(runId);
    var messages = new ProtobufSerializer();
    this.producer =
        new KafkaProducer<>(settings(runId, client), new StringSerializer(), messages::serialize);
    try {
      producer.initTransactions();
      try (var versions = new VersionTopic(runId, client)) {
        while (!versions.isCaughtUp()) {
          versions.poll(POLL).forEach(this::read);
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Map<String, Object> settings(String runId, Map<String, ?> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, runId + ".reward-learner");
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 30_000);
    return settings;
  }

  private void read(RewardModelVersion version) {
    if (newest == null || version.getVersion() > newest.getVersion()) {
      newest = version;
      if (version.getAdopted()) {
        adopted = version;
      }
    }
  }

  @Override
  public Optional<RewardModelVersion> newest() {
    return Optional.ofNullable(newest);
  }

  @Override
  public Optional<RewardModelVersion> adopted() {
    return Optional.ofNullable(adopted);
  }

  @Override
  public void announce(RewardModelVersion version) {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topic, String.valueOf(version.getVersion()), version));
    producer.commitTransaction();
    read(version);
  }

  @Override
  public void close() {
    producer.close(STOP_TIMEOUT);
  }
}
