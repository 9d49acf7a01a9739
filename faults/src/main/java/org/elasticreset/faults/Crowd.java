package org.elasticreset.faults;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScoredRollout;

/** Somebody who reads what is asked and answers straight to the topic, when told to. */
final class Crowd implements AutoCloseable {

  private static final Duration MOMENT = Duration.ofMillis(100);

  private final String run;
  private final Map<String, Object> reading;
  private final KafkaConsumer<String, byte[]> requests;
  private final KafkaProducer<String, Rating> ratings;
  private final Map<String, RatingRequest> open = new LinkedHashMap<>();

  Crowd(String bootstrapServers, String run) {
    this.run = run;
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    reading =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest");
    requests = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    requests.assign(List.of(new TopicPartition(run + ".rating-requests", 0)));
    var messages = new ProtobufSerializer();
    ratings = new KafkaProducer<>(settings, new StringSerializer(), messages::serialize);
  }

  /** What is asked and not ended, as far as was heard. */
  Map<String, RatingRequest> open() {
    try {
      for (ConsumerRecord<String, byte[]> record : requests.poll(MOMENT)) {
        if (record.value() == null) {
          open.remove(record.key());
        } else {
          open.put(record.key(), RatingRequest.parseFrom(record.value()));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new FaultyRunException("rating-requests: " + e.getMessage());
    }
    return Map.copyOf(open);
  }

  /** Answers, and waits until the topic has it. */
  void thumb(RatingRequest request, boolean up) throws InterruptedException {
    Rating rating =
        Rating.newBuilder()
            .setRunId(run)
            .setRequestId(request.getRequestId())
            .setRaterId("crowd")
            .setRevision(1)
            .setThumbUp(up)
            .build();
    try {
      ratings.send(new ProducerRecord<>(run + ".ratings", request.getRequestId(), rating)).get();
    } catch (ExecutionException e) {
      throw new FaultyRunException("ratings: " + e.getMessage());
    }
  }

  /** Everything that was sent on to be trained on, however often. */
  List<ScoredRollout> scored() {
    List<ScoredRollout> scored = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(run + ".scored-rollouts").stream()
              .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(MOMENT)) {
          ScoredRollout rollout = ScoredRollout.parseFrom(record.value());
          if (rollout.getPurpose() == Purpose.TRAINING) {
            scored.add(rollout);
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new FaultyRunException("scored-rollouts: " + e.getMessage());
    }
    return scored;
  }

  @Override
  public void close() {
    requests.close();
    ratings.close();
  }
}
