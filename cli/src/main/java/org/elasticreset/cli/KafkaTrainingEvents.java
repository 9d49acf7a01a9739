package org.elasticreset.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.elasticreset.proto.v1.TrainingEvent;

/** Reads the topic {@code training-events} of a run from its beginning. */
final class KafkaTrainingEvents implements TrainingEventSource {
  private final KafkaConsumer<byte[], byte[]> consumer;

  KafkaTrainingEvents(String bootstrapServers, String runId) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition(runId + ".training-events", 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  @Override
  public List<TrainingEvent> poll(Duration timeout) throws InterruptedException {
    List<TrainingEvent> events = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
        events.add(TrainingEvent.parseFrom(record.value()));
      }
    } catch (InterruptException e) {
      Thread.interrupted(); // Kafka sets the flag again; one of the two says it
      throw new InterruptedException();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("training-events carries something else", e);
    }
    return events;
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(2));
  }
}
