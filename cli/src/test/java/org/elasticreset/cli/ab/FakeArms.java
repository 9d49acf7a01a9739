package org.elasticreset.cli.ab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/** Takes the place of both workers and the reward-service, and of users; on a real broker. */
final class FakeArms implements AutoCloseable {
  private final String name;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;

  FakeArms(String bootstrapServers, String name) {
    this.name = name;
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (Arm arm : Arm.values()) {
      partitions.addAll(partitions(topic(AbTopics.prompts(arm))));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** A topic that was created a moment ago may not be known everywhere yet. */
  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> known = List.of();
    while (known.isEmpty()) {
      known = consumer.partitionsFor(topic);
    }
    return known.stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
        .toList();
  }

  /** Scores every prompt that came, as often as it is told to. */
  int answer(int times) throws Exception {
    int prompts = 0;
    for (var record : consumer.poll(Duration.ofMillis(100))) {
      for (Prompt prompt : PromptBatch.parseFrom(record.value()).getPromptsList()) {
        prompts++;
        for (int i = 0; i < times; i++) {
          send("scored-rollouts", prompt.getRolloutId(), scored(prompt).toByteArray(), null);
        }
      }
    }
    return prompts;
  }

  private ScoredRollout scored(Prompt prompt) {
    return ScoredRollout.newBuilder()
        .setRunId(name)
        .setReward(0.5)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId(prompt.getRolloutId())
                .setPrompt(prompt.getText())
                .setResponse("answer to " + prompt.getText()))
        .build();
  }

  void ask(String id, String text) throws Exception {
    send(AbTopics.REQUESTS, id, text.getBytes(StandardCharsets.UTF_8), null);
  }

  void outcome(String id, String value, Long time) throws Exception {
    send(AbTopics.OUTCOMES, id, value.getBytes(StandardCharsets.UTF_8), time);
  }

  private void send(String topic, String key, byte[] value, Long time) throws Exception {
    producer.send(new ProducerRecord<>(topic(topic), null, time, key, value)).get();
  }

  private String topic(String topic) {
    return name + "." + topic;
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }
}
