package org.elasticreset.reward.raters.page;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/** What the desk is given, and what it says of each rating, in order. */
final class RatingTopics implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> audit;
  private final List<RatingAudit> audited = new ArrayList<>();

  RatingTopics(String bootstrapServers) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    audit = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    var partition = new TopicPartition(PeopleAsked.RUN + ".rating-audit", 0);
    audit.assign(List.of(partition));
    audit.seekToBeginning(List.of(partition));
  }

  /** Asks which of two answers is better; the request's id is that of the case and "#0". */
  void ask(String caseId, String prompt, int overlap) throws Exception {
    var asked = RatingCase.newBuilder().setRunId(PeopleAsked.RUN).setCaseId(caseId);
    var request =
        RatingRequest.newBuilder()
            .setRunId(PeopleAsked.RUN)
            .setRequestId(caseId + "#0")
            .setPrompt(prompt)
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(overlap)
            .setDeadlineMillis(System.currentTimeMillis() + 600_000)
            .setPolicyVersion(17)
            .setTargetStep(12)
            .setGuideline("Which is right?");
    for (String text : List.of("42", "about 40")) {
      String id = caseId + "/" + request.getCandidatesCount();
      asked.addRollouts(
          ScoredRollout.newBuilder()
              .setRunId(PeopleAsked.RUN)
              .setPurpose(Purpose.TRAINING)
              .setTargetStep(12)
              .setReward(0.5)
              .setRollout(Rollout.newBuilder().setRolloutId(id)));
      request.addCandidates(Candidate.newBuilder().setRolloutId(id).setText(text));
    }
    byte[] bytes = asked.addRequests(request).build().toByteArray();
    producer.send(new ProducerRecord<>(PeopleAsked.RUN + ".rating-cases", caseId, bytes)).get();
  }

  /** What the desk has said so far of ratings of these cases. */
  List<RatingAudit> audited(String casesBeginWith) {
    audit
        .poll(Duration.ofMillis(50))
        .forEach(
            record -> {
              try {
                audited.add(RatingAudit.parseFrom(record.value()));
              } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
              }
            });
    return audited.stream().filter(a -> a.getRequestId().startsWith(casesBeginWith)).toList();
  }

  @Override
  public void close() {
    producer.close();
    audit.close();
  }
}
