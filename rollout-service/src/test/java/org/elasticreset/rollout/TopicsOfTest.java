package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.feed.Policies;
import org.elasticreset.tracing.Traceparent;

/** Writes and reads the topics of the run from outside; what it writes goes to one partition. */
final class TopicsOfTest implements AutoCloseable {

  private final Map<String, Object> settings;
  private final KafkaProducer<String, byte[]> producer;

  TopicsOfTest(String bootstrapServers) {
    settings = Map.of("bootstrap.servers", bootstrapServers);
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void send(String topic, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(name(topic), 0, "key", value)).get();
  }

  /** With a context, as whoever traces sends it. */
  void send(String topic, byte[] value, String traceparent) throws Exception {
    var record = new ProducerRecord<>(name(topic), 0, "key", value);
    record.headers().add(Traceparent.NAME, traceparent.getBytes(StandardCharsets.US_ASCII));
    producer.send(record).get();
  }

  /** The first records of a topic, in the order of their arrival. */
  List<ConsumerRecord<String, byte[]>> read(String topic, int count) {
    var records = new ArrayList<ConsumerRecord<String, byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(name(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    assertThat(records).as(topic).hasSize(count);
    records.sort((a, b) -> Long.compare(a.timestamp(), b.timestamp()));
    return records;
  }

  /** Records of partition 0 that the group is done with. */
  long committed(String group) {
    try (var admin = Admin.create(settings)) {
      var offsets = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      var offset = offsets.get(new TopicPartition(name("prompts"), 0));
      return offset == null ? 0 : offset.offset();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * As KEDA's scaler for Kafka counts with {@code offsetResetPolicy: earliest}: over all
   * partitions, the end less what the group has committed, and the whole end where it has committed
   * nothing.
   */
  long lag(String topic, String group) {
    try (var admin = Admin.create(settings)) {
      var description = admin.describeTopics(List.of(name(topic))).allTopicNames().get();
      var ends = new HashMap<TopicPartition, OffsetSpec>();
      for (var partition : description.get(name(topic)).partitions()) {
        ends.put(new TopicPartition(name(topic), partition.partition()), OffsetSpec.latest());
      }
      var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      long lag = 0;
      for (var end : admin.listOffsets(ends).all().get().entrySet()) {
        var done = committed.get(end.getKey());
        lag += end.getValue().offset() - (done == null ? 0 : done.offset());
      }
      return lag;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Records of partition 0. */
  long sent(String topic) {
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partition = new TopicPartition(name(topic), 0);
      return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }
  }

  /** From now on the broker takes no record for a topic. */
  void fill(String topic) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, name(topic));
    var none =
        new AlterConfigOp(new ConfigEntry("max.message.bytes", "1"), AlterConfigOp.OpType.SET);
    try (var admin = Admin.create(settings)) {
      admin.incrementalAlterConfigs(Map.of(resource, List.of(none))).all().get();
    }
  }

  static String header(ConsumerRecord<String, byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static String name(String topic) {
    return Policies.RUN + "." + topic;
  }

  @Override
  public void close() {
    producer.close();
  }
}
