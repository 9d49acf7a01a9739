package org.elasticreset.desk;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.ScoredRollout;
import org.jspecify.annotations.Nullable;

/** Reads what a desk has committed, as an outsider who remembers everything. */
final class DeskWitness implements AutoCloseable {

  private final KafkaConsumer<String, byte[]> consumer;
  private final Set<String> open = new HashSet<>();
  private final Set<String> muted = new HashSet<>();
  private final Map<RatingReceipt, Long> receipts = new EnumMap<>(RatingReceipt.class);
  private final Map<String, ScoredRollout> newest = new HashMap<>();
  private final Set<String> revisions = new HashSet<>();
  private long scores;
  private long audits;
  private long sentTwice;

  DeskWitness(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : List.of("rating-requests", "raters", "rating-audit", "scored-rollouts")) {
      consumer
          .partitionsFor(Cases.RUN + "." + topic)
          .forEach(p -> partitions.add(new TopicPartition(p.topic(), p.partition())));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on; whether there was something. */
  boolean look() throws InvalidProtocolBufferException {
    var records = consumer.poll(Duration.ofMillis(2));
    for (ConsumerRecord<String, byte[]> record : records) {
      switch (record.topic().substring(Cases.RUN.length() + 1)) {
        case "rating-requests" -> request(record);
        case "raters" -> rater(RaterRecord.parseFrom(record.value()));
        case "rating-audit" -> audit(RatingAudit.parseFrom(record.value()));
        default -> scored(ScoredRollout.parseFrom(record.value()));
      }
    }
    return !records.isEmpty();
  }

  private void request(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      open.remove(record.key());
    } else {
      open.add(record.key());
    }
  }

  private void rater(RaterRecord rater) {
    if (rater.getMuted()) {
      muted.add(rater.getRaterId());
    } else {
      muted.remove(rater.getRaterId());
    }
  }

  private void audit(RatingAudit audit) {
    audits++;
    receipts.merge(audit.getReceipt(), 1L, Long::sum);
  }

  private void scored(ScoredRollout rollout) {
    scores++;
    String id = rollout.getRollout().getRolloutId();
    if (!revisions.add(id + " " + rollout.getScoreRevision())) {
      sentTwice++;
    }
    newest.merge(id, rollout, (a, b) -> a.getScoreRevision() > b.getScoreRevision() ? a : b);
  }

  Set<String> openRequests() {
    return open;
  }

  Set<String> muted() {
    return muted;
  }

  /** Ratings that became something. */
  long audits() {
    return audits;
  }

  /** Ratings that were known already. */
  long duplicates() {
    return receipts.getOrDefault(RatingReceipt.RATING_DUPLICATE, 0L)
        + receipts.getOrDefault(RatingReceipt.RATING_OUTDATED, 0L);
  }

  /** Of a rollout, by its newest score. */
  @Nullable Double reward(String rolloutId) {
    ScoredRollout rollout = newest.get(rolloutId);
    return rollout == null ? null : rollout.getReward();
  }

  long scores() {
    return scores;
  }

  /** Revisions of a rollout that came before. */
  long sentTwice() {
    return sentTwice;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
