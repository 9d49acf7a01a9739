package org.elasticreset.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.elasticreset.proto.v1.TrainingEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic {@code training-events} of a run from its beginning, and its {@code dead-letters}
 * from now on. A broker that is away is waited for; what is no event of the run is passed over.
 */
final class KafkaTrainingEvents implements TrainingEventSource {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaTrainingEvents.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String runId;
  private final TopicPartition partition;
  private final TopicPartition refused;
  private final List<DeadLetter> deadLetters = new ArrayList<>();

  KafkaTrainingEvents(KafkaAccess kafka, String runId) {
    this.runId = runId;
    Map<String, Object> settings = new HashMap<>(kafka.client());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Events that come again replace themselves; none may be missed.
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partition = new TopicPartition(RunTopic.name(runId), 0);
    refused = new TopicPartition(runId + ".dead-letters", 0);
    consumer.assign(List.of(partition, refused));
    consumer.seekToBeginning(List.of(partition));
    consumer.seekToEnd(List.of(refused));
    consumer.position(refused); // now, not at the first poll
  }

  /** True if the topic holds no event yet. */
  boolean isEmpty() {
    return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L) == 0;
  }

  @Override
  public void replay(Consumer<TrainingEvent> earlier) throws InterruptedException {
    try {
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        poll(POLL).forEach(earlier);
      }
    } catch (InterruptException e) {
      throw interrupted();
    }
  }

  @Override
  public List<TrainingEvent> poll(Duration timeout) throws InterruptedException {
    List<TrainingEvent> events = new ArrayList<>();
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(timeout);
      records.records(partition).forEach(record -> event(record).ifPresent(events::add));
      records.records(refused).forEach(record -> deadLetters.add(DeadLetter.of(record, runId)));
    } catch (InterruptException e) {
      throw interrupted();
    }
    return events;
  }

  @Override
  public List<DeadLetter> deadLetters() {
    List<DeadLetter> since = List.copyOf(deadLetters);
    deadLetters.clear();
    return since;
  }

  private Optional<TrainingEvent> event(ConsumerRecord<byte[], byte[]> record) {
    try {
      TrainingEvent event =
          TrainingEvent.parseFrom(Objects.requireNonNullElse(record.value(), new byte[0]));
      if (event.getRunId().equals(runId)) {
        return Optional.of(event);
      }
      LOG.warn("event passed over reason=foreign-run offset={}", record.offset());
    } catch (InvalidProtocolBufferException e) {
      LOG.warn("event passed over reason=unreadable offset={}", record.offset(), e);
    }
    return Optional.empty();
  }

  /** Kafka sets the flag again; one of the two says it. */
  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException();
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(2));
  }
}
