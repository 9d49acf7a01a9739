package org.elasticreset.desk;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.v1.GoldChange;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * What flows where:
 *
 * <pre>
 * rating-cases ───────────────────────▶ cases, by case ──▶ rating-requests, scored-rollouts,
 * ratings ──▶ keyed by their case ────▶   │      ▲  ▲      preferences, rating-audit, dead-letters
 *                                         │      │  └───── training-events, in every instance
 *          raters, by rater ◀── gold ─────┘      │
 *                 └──▶ raters ───────────────────┘ in every instance
 * </pre>
 */
final class DeskTopology {

  /** Of ratings on their way to their case. */
  static final String RATINGS = "ratings";

  /** Of what gold cases say, on its way to its rater. */
  static final String GOLD = "gold";

  private static final Serde<byte[]> BYTES = Serdes.ByteArray();
  private static final Serde<RaterRecord> RATER =
      new ProtobufSerde<>(RaterRecord.class, RaterRecord.parser());
  private static final Serde<GoldChange> GOLD_CHANGE =
      new ProtobufSerde<>(GoldChange.class, GoldChange.parser());
  private static final Serde<TrainingEvent> EVENT =
      new ProtobufSerde<>(TrainingEvent.class, TrainingEvent.parser());

  private DeskTopology() {}

  /**
   * The desk of a run.
   *
   * @param partitions of {@code rating-cases}, which ratings are placed by too
   */
  static Topology of(DeskSettings settings, int partitions) {
    DeskTopics topics = new DeskTopics(settings.runId());
    StreamsBuilder builder = new StreamsBuilder();
    builder.globalTable(
        topics.raters(),
        Consumed.with(Serdes.String(), RATER),
        Materialized.<String, RaterRecord>as(Stores.inMemoryKeyValueStore(DeskStores.RATERS))
            .withKeySerde(Serdes.String())
            .withValueSerde(RATER));
    builder.addGlobalStore(
        DeskStores.ofSteps(),
        topics.trainingEvents(),
        Consumed.with(Serdes.String(), EVENT),
        TrainedStepsProcessor::new);
    KStream<byte[], Outgoing> taken =
        builder.stream(topics.ratings(), Consumed.with(BYTES, BYTES))
            .process(() -> new RatingIntake(settings), Named.as("rating-intake"));
    to(topics.deadLetters(), taken);
    to(topics.audit(), taken);
    DeskStores.ofCases().forEach(builder::addStateStore);
    String[] stores = {DeskStores.CASES, DeskStores.OPEN, DeskStores.ENDED};
    KStream<byte[], Outgoing> said =
        written(RATINGS, taken)
            .repartition(
                Repartitioned.with(BYTES, BYTES)
                    .withName(RATINGS)
                    .withNumberOfPartitions(partitions))
            .process(() -> new RatingProcessor(settings), Named.as("rating-desk"), stores);
    KStream<byte[], Outgoing> done =
        builder.stream(topics.cases(), Consumed.with(BYTES, BYTES))
            .process(() -> new CaseProcessor(settings), Named.as("case-desk"), stores)
            .merge(said);
    topics.written().forEach(topic -> to(topic, done));
    builder.addStateStore(DeskStores.ofRaters());
    written(GOLD, done)
        .map((rater, change) -> KeyValue.pair(text(rater), goldChange(change)))
        .repartition(
            Repartitioned.with(Serdes.String(), GOLD_CHANGE)
                .withName(GOLD)
                .withNumberOfPartitions(partitions))
        .process(
            () -> new RaterProcessor(settings), Named.as("rater-books"), DeskStores.GOLD_RECORDS)
        .to(topics.raters(), Produced.with(Serdes.String(), RATER));
    return builder.build();
  }

  private static void to(String topic, KStream<byte[], Outgoing> from) {
    written(topic, from).to(topic, Produced.with(BYTES, BYTES));
  }

  private static KStream<byte[], byte[]> written(String topic, KStream<byte[], Outgoing> from) {
    return from.filter((key, out) -> out.topic().equals(topic)).mapValues(Outgoing::bytes);
  }

  private static String text(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  private static GoldChange goldChange(byte[] change) {
    return GOLD_CHANGE.deserializer().deserialize(GOLD, change);
  }
}
