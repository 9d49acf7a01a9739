package org.elasticreset.reward.raters.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/** The topics of the run: what the desk is given, and what came of it. */
final class Topics {

  private final String bootstrapServers;

  Topics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** Asks which of two is better, with the case as prompt; its request is the case and "#0". */
  void askPair(String caseId, int overlap) throws Exception {
    long deadline = System.currentTimeMillis() + 600_000;
    RatingCase.Builder asked = RatingCase.newBuilder().setRunId(AskedPeople.RUN).setCaseId(caseId);
    RatingRequest.Builder request =
        RatingRequest.newBuilder()
            .setRunId(AskedPeople.RUN)
            .setRequestId(caseId + "#0")
            .setPrompt(caseId)
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(overlap)
            .setDeadlineMillis(deadline)
            .setPolicyVersion(17)
            .setTargetStep(12)
            .setGuideline("Which is right?");
    for (int i = 0; i < 2; i++) {
      String id = caseId + "/" + i;
      asked.addRollouts(
          ScoredRollout.newBuilder()
              .setRunId(AskedPeople.RUN)
              .setPurpose(Purpose.TRAINING)
              .setTargetStep(12)
              .setReward(0.5)
              .setRollout(Rollout.newBuilder().setRolloutId(id)));
      request.addCandidates(
          Candidate.newBuilder().setRolloutId(id).setText(i == 0 ? "42" : "about 40"));
    }
    send("rating-cases", caseId, asked.addRequests(request).build().toByteArray());
  }

  void send(String topic, String key, byte[] value) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(AskedPeople.RUN + "." + topic, key, value)).get();
    }
  }

  /** The first record that is wanted; waits for it. */
  ConsumerRecord<String, byte[]> await(
      String topic, Predicate<ConsumerRecord<String, byte[]>> wanted) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("group.id", UUID.randomUUID().toString());
    settings.put("auto.offset.reset", "earliest");
    settings.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(AskedPeople.RUN + "." + topic));
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (System.nanoTime() < end) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          if (wanted.test(record)) {
            return record;
          }
        }
      }
    }
    throw new AssertionError("no such record on " + topic);
  }

  /** What a rater said of a request. */
  Rating rating(String raterId, String requestId) throws Exception {
    return Rating.parseFrom(
        await("ratings", record -> is(record.value(), raterId, requestId)).value());
  }

  private static boolean is(byte[] value, String raterId, String requestId) {
    try {
      Rating rating = Rating.parseFrom(value);
      return rating.getRaterId().equals(raterId) && rating.getRequestId().equals(requestId);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }
}
