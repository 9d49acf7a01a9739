package org.elasticreset.reward.learned;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads {@code reward-models} of a run from its beginning, without a group: what is committed. */
final class VersionTopic implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(VersionTopic.class);
  private static final Deserializer<RewardModelVersion> VERSIONS =
      new ProtobufSerde<>(RewardModelVersion.class, RewardModelVersion.parser()).deserializer();

  private final String runId;
  private final TopicPartition partition;
  private final KafkaConsumer<String, byte[]> consumer;
  private final long end;

  /**
   * @param client settings of a client of Kafka
   */
  VersionTopic(String runId, Map<String, ?> client) {
    this.runId = runId;
    this.partition = new TopicPartition(name(runId), 0);
    this.consumer =
        new KafkaConsumer<>(
            settings(client), new StringDeserializer(), new ByteArrayDeserializer());
    try {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      this.end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  static String name(String runId) {
    return runId + ".reward-models";
  }

  private static Map<String, Object> settings(Map<String, ?> client) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return settings;
  }

  /** The next versions, in their order; none if none come in the time. */
  List<RewardModelVersion> poll(Duration time) {
    return consumer.poll(time).records(partition).stream()
        .map(this::version)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether everything was read that there was at the beginning. */
  boolean isCaughtUp() {
    return consumer.position(partition) >= end;
  }

  private Optional<RewardModelVersion> version(ConsumerRecord<String, byte[]> record) {
    try {
      @Nullable RewardModelVersion version = VERSIONS.deserialize(record.topic(), record.value());
      if (version != null && !version.getRunId().equals(runId)) {
        throw new SerializationException(
            "run_id: " + version.getRunId() + " (expected: " + runId + ")");
      }
      return Optional.ofNullable(version);
    } catch (SerializationException e) {
      LOG.warnf(
          "reward model announcement ignored offset=%d reason=\"%s\"",
          record.offset(), Untrusted.shown(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
