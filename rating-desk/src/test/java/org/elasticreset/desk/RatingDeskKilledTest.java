package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Fallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A desk over a real broker, killed with cases open and answers on their way. */
class RatingDeskKilledTest {

  /**
   * Of a machine that does much else; a killed desk is missed, and its transaction given up, in 20.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final int CASES = 1200;

  /** Answers that come a second time. */
  private static final int REPEATED = 50;

  private final LocalBroker broker = LocalBroker.startTemporary();
  private final Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
  private KafkaProducer<String, byte[]> producer;

  @TempDir Path logs;

  @BeforeEach
  void topics() {
    KafkaTopics.create(client, Cases.RUN);
    KafkaTopics.createForPeople(client, Cases.RUN);
    producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    producer.close();
    broker.close();
  }

  /** Each is asked of two; the desk dies when over a thousand requests are open. */
  @Test
  void itsSuccessorAnswersEveryOpenRequestOnce() throws Exception {
    List<RatingCase> cases = IntStream.range(0, CASES).mapToObj(i -> Cases.pair(3, i, 2)).toList();
    Process killed = DeskProcess.start(broker.bootstrapServers(), logs.resolve("desk.log"));
    try {
      for (RatingCase asked : cases) {
        send("rating-cases", asked.getCaseId(), asked);
      }
      await("rating-requests", CASES);
      cases.forEach(asked -> say(asked, "ada"));
      cases.subList(0, 100).forEach(asked -> say(asked, "bob"));
      await("scored-rollouts", 2);
      cases.subList(100, 200).forEach(asked -> say(asked, "bob"));
    } finally {
      killed.destroyForcibly().waitFor();
    }
    cases.subList(200, 700).forEach(asked -> say(asked, "bob"));
    cases.subList(0, REPEATED).forEach(asked -> say(asked, "ada"));

    RatingCase later = Cases.pair(3, CASES, 1);
    try (RatingDesk successor = RatingDesk.start(DeskDriver.settings(Fallback.WAIT), client)) {
      cases.subList(700, CASES).forEach(asked -> say(asked, "bob"));
      successor.open(later).toCompletableFuture().get();
      await("rating-requests", 2 * CASES + 1);
      say(later, "cid");
      await("scored-rollouts", 2 * CASES + 2);
      await("rating-audit", 2 * CASES + REPEATED + 1);
      assertThat(successor.isAlive()).isTrue();
    }

    List<String> scored = new ArrayList<>();
    for (var record : await("scored-rollouts", 2 * CASES + 2)) {
      ScoredRollout rollout = ScoredRollout.parseFrom(record.value());
      assertThat(rollout.getScoreRevision()).isEqualTo(1);
      scored.add(rollout.getRollout().getRolloutId());
    }
    assertThat(scored).doesNotHaveDuplicates().hasSize(2 * CASES + 2);
    assertThat(receipts())
        .containsEntry(RatingReceipt.RATING_TAKEN, 2L * CASES + 1)
        .containsEntry(RatingReceipt.RATING_DUPLICATE, (long) REPEATED)
        .hasSize(2);
    assertThat(await("rating-requests", 2 * CASES + 2)).hasSize(2 * CASES + 2);
    assertThat(await("dead-letters", 0)).isEmpty();
  }

  private Map<RatingReceipt, Long> receipts() throws InvalidProtocolBufferException {
    Map<RatingReceipt, Long> receipts = new EnumMap<>(RatingReceipt.class);
    for (var record : await("rating-audit", 0)) {
      receipts.merge(RatingAudit.parseFrom(record.value()).getReceipt(), 1L, Long::sum);
    }
    return receipts;
  }

  private void say(RatingCase asked, String rater) {
    send("ratings", "any key", Cases.first(asked, rater, 1));
  }

  private void send(String topic, String key, MessageLite message) {
    producer.send(new ProducerRecord<>(Cases.RUN + "." + topic, key, message.toByteArray()));
  }

  /** All committed records of a topic, once there are as many. */
  private List<ConsumerRecord<String, byte[]>> await(String topic, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "auto.offset.reset", "earliest",
            "isolation.level", "read_committed");
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(Cases.RUN + "." + topic).stream()
              .map(p -> new org.apache.kafka.common.TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!isAtEnd(consumer) || records.size() < count) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        assertThat(System.nanoTime())
            .as("%d of %d records on %s", records.size(), count, topic)
            .isLessThan(end);
      }
    }
    return records;
  }

  private static boolean isAtEnd(KafkaConsumer<?, ?> consumer) {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
