package org.elasticreset.faults;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.elasticreset.broker.KafkaTopic;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/** Reads the topics of a run while it goes on, as an outsider who remembers everything. */
final class Witness implements AutoCloseable {
  /** A message that a service refused. */
  record DeadLetter(String topic, String reason, byte[] key) {}

  private final String runId;
  private final List<TrainingEvent> events = new CopyOnWriteArrayList<>();
  private final List<PolicyVersion> versions = new CopyOnWriteArrayList<>();
  private final List<PromptBatch> prompts = new CopyOnWriteArrayList<>();
  private final List<RolloutBatch> rollouts = new CopyOnWriteArrayList<>();
  private final List<DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  Witness(String bootstrapServers, String runId) {
    this.runId = runId;
    thread = new Thread(() -> watch(bootstrapServers), "witness-of-" + runId);
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(String bootstrapServers) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "earliest",
            ConsumerConfig.METADATA_MAX_AGE_CONFIG,
            500,
            ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
            200);
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      // Without a group: one that lost its broker would read again from what it last committed.
      consumer.assign(partitions());
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          remember(record);
        }
      }
    } catch (InterruptException e) {
      // closed
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (KafkaTopic topic : KafkaTopics.declared()) {
      if (!topic.name().equals("scored-rollouts")) {
        for (int partition = 0; partition < topic.partitions(); partition++) {
          partitions.add(new TopicPartition(runId + "." + topic.name(), partition));
        }
      }
    }
    return partitions;
  }

  private void remember(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic().substring(runId.length() + 1);
    if (topic.equals("dead-letters")) {
      deadLetters.add(
          new DeadLetter(
              header(record, "dead-letter-topic"),
              header(record, "dead-letter-reason"),
              record.key() == null ? new byte[0] : record.key()));
      return;
    }
    try {
      switch (topic) {
        case "training-events" -> events.add(TrainingEvent.parseFrom(value(record)));
        case "policy-versions" -> versions.add(PolicyVersion.parseFrom(value(record)));
        case "prompts" -> prompts.add(PromptBatch.parseFrom(value(record)));
        default -> rollouts.add(RolloutBatch.parseFrom(value(record)));
      }
    } catch (InvalidProtocolBufferException e) {
      // planted; whether a service minded, its dead letter says
    }
  }

  private static byte[] value(ConsumerRecord<byte[], byte[]> record) {
    return record.value() == null ? new byte[0] : record.value();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** The events of this run, as they were told: a learner that went back tells some again. */
  List<TrainingEvent> events() {
    return events.stream().filter(event -> event.getRunId().equals(runId)).toList();
  }

  /** Events as a reader has them in the end: each replaces the one of its number and all after. */
  List<TrainingEvent> settledEvents() {
    List<TrainingEvent> settled = new ArrayList<>();
    for (TrainingEvent event : events()) {
      if (event.hasAudit()) {
        continue; // The ema-service's, which have no numbers and are never taken back.
      }
      while (event.getSequence() > 0
          && !settled.isEmpty()
          && settled.get(settled.size() - 1).getSequence() >= event.getSequence()) {
        settled.remove(settled.size() - 1);
      }
      settled.add(event);
    }
    return settled;
  }

  /** The highest training step that was ever told. */
  long step() {
    return events().stream()
        .filter(TrainingEvent::hasTrainingStep)
        .mapToLong(TrainingEvent::getStep)
        .max()
        .orElse(0);
  }

  /** The first event of a training step behind that one. */
  Optional<TrainingEvent> stepBehind(long step) {
    return events().stream()
        .filter(event -> event.hasTrainingStep() && event.getStep() > step)
        .findFirst();
  }

  @Nullable TrainingEvent end() {
    return events().stream().filter(TrainingEvent::hasRunEnded).findFirst().orElse(null);
  }

  List<PolicyVersion> versions() {
    return versions.stream().filter(version -> version.getRunId().equals(runId)).toList();
  }

  List<PromptBatch> prompts() {
    return List.copyOf(prompts);
  }

  List<RolloutBatch> rollouts() {
    return List.copyOf(rollouts);
  }

  List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
