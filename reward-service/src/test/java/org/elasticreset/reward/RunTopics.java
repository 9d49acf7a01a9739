package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The topics of {@code test-run}, as others write and read them.
 *
 * @param patience until what is read has to be there
 */
record RunTopics(String bootstrapServers, Duration patience) {

  void send(String topic, String key, byte[]... values) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (byte[] value : values) {
        producer.send(new ProducerRecord<>("test-run." + topic, key, value)).get();
      }
    }
  }

  /** What was committed, in the order in which it is met. */
  List<ConsumerRecord<String, byte[]>> read(
      String topic, Predicate<ConsumerRecord<String, byte[]>> wanted, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            "test-of-" + topic,
            "auto.offset.reset",
            "earliest",
            "isolation.level",
            "read_committed");
    var records = new ArrayList<ConsumerRecord<String, byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("test-run." + topic));
      long end = System.nanoTime() + patience.toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (wanted.test(record)) {
            records.add(record);
          }
        }
      }
    }
    assertThat(records).hasSize(count);
    return records;
  }
}
