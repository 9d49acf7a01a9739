package org.elasticreset.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** All that a topic holds at this moment, and was committed. */
final class WholeTopic {
  private static final Duration POLL = Duration.ofMillis(200);

  private WholeTopic() {}

  /**
   * Reads it from its beginning to its end of now, each partition in order.
   *
   * @throws KafkaException if the broker does not answer, or has no such topic
   */
  static void read(
      KafkaAccess kafka, String topic, Consumer<ConsumerRecord<String, byte[]>> records) {
    Map<String, Object> settings = new HashMap<>(kafka.client());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var found = consumer.partitionsFor(topic);
      if (found == null || found.isEmpty()) {
        throw new KafkaException("no such topic");
      }
      List<TopicPartition> partitions =
          found.stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(records);
      }
    }
  }
}
