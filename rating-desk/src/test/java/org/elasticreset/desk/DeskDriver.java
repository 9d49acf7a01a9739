package org.elasticreset.desk;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.v1.CaseState;
import org.elasticreset.proto.v1.EndedCase;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.UpdateDiscarded;
import org.elasticreset.rating.Aggregation;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.MutingRule;

/** The desk without a broker, at a time that the test sets; what it writes comes out once. */
final class DeskDriver implements AutoCloseable {

  private static final DeskTopics TOPICS = new DeskTopics(Cases.RUN);

  private final DeskSettings settings;
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> cases;
  private final TestInputTopic<byte[], byte[]> ratings;
  private final TestInputTopic<String, byte[]> events;
  private final Map<String, List<KeyValue<String, byte[]>>> restored = new HashMap<>();
  private Instant now;

  DeskDriver(DeskSettings settings, Instant now) {
    this.settings = settings;
    this.now = now;
    Properties streams = new Properties();
    streams.put(StreamsConfig.APPLICATION_ID_CONFIG, TOPICS.applicationId());
    streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    driver = new TopologyTestDriver(DeskTopology.of(settings, 8), streams, now);
    var bytes = new ByteArraySerializer();
    cases = driver.createInputTopic(TOPICS.cases(), new StringSerializer(), bytes);
    ratings = driver.createInputTopic(TOPICS.ratings(), bytes, bytes);
    events = driver.createInputTopic(TOPICS.trainingEvents(), new StringSerializer(), bytes);
  }

  static DeskDriver with(Fallback fallback) {
    return new DeskDriver(settings(fallback), Cases.START);
  }

  static DeskSettings settings(Fallback fallback) {
    return new DeskSettings(
        Cases.RUN,
        fallback,
        Aggregation.MAJORITY,
        new MutingRule(0.6, 0.99),
        new RewardCombination.Replace(),
        Duration.ofHours(24),
        Duration.ofSeconds(1));
  }

  /** Another one that knows what this one wrote to its changelogs, and nothing else. */
  DeskDriver restarted() {
    DeskDriver next = new DeskDriver(settings, now);
    restore(next, DeskStores.CASES, RatingCase.class, RatingCase.parser());
    restore(next, DeskStores.OPEN, CaseState.class, CaseState.parser());
    restore(next, DeskStores.ENDED, EndedCase.class, EndedCase.parser());
    restore(next, DeskStores.GOLD_RECORDS, RaterRecord.class, RaterRecord.parser());
    close();
    return next;
  }

  private <T extends MessageLite> void restore(
      DeskDriver next, String store, Class<T> message, Parser<T> parser) {
    List<KeyValue<String, byte[]>> changes = changes(store);
    KeyValueStore<String, T> restored = next.driver.getKeyValueStore(store);
    var messages = new ProtobufSerde<>(message, parser).deserializer();
    changes.forEach(change -> restored.put(change.key, messages.deserialize(store, change.value)));
    next.restored.put(store, changes);
  }

  /** The changelog of a store: what it was restored from, and what came since. */
  private List<KeyValue<String, byte[]>> changes(String store) {
    List<KeyValue<String, byte[]>> changes =
        new ArrayList<>(restored.getOrDefault(store, List.of()));
    String topic = TOPICS.applicationId() + "-" + store + "-changelog";
    if (driver.producedTopicNames().contains(topic)) {
      changes.addAll(
          driver
              .createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer())
              .readKeyValuesToList());
    }
    return changes;
  }

  void open(RatingCase... opened) {
    for (RatingCase asked : opened) {
      cases.pipeInput(asked.getCaseId(), asked.toByteArray());
    }
  }

  void openBytes(String key, byte[] bytes) {
    cases.pipeInput(key, bytes);
  }

  void say(Rating... said) {
    for (Rating rating : said) {
      sayBytes(rating.toByteArray());
    }
  }

  void sayBytes(byte[] bytes) {
    ratings.pipeInput(bytes);
  }

  /** The learner tells that it has trained on a step. */
  void trained(long step) {
    tell(event(step).setTrainingStep(StepMetrics.getDefaultInstance()).build());
  }

  void discarded(long step) {
    tell(event(step).setUpdateDiscarded(UpdateDiscarded.getDefaultInstance()).build());
  }

  void tell(TrainingEvent event) {
    events.pipeInput(Cases.RUN, event.toByteArray());
  }

  static TrainingEvent.Builder event(long step) {
    return TrainingEvent.newBuilder().setRunId(Cases.RUN).setStep(step);
  }

  void pass(Duration time) {
    now = now.plus(time);
    driver.advanceWallClockTime(time);
  }

  List<ScoredRollout> scored() {
    return read(TOPICS.scoredRollouts(), ScoredRollout.class, ScoredRollout.parser()).stream()
        .map(
            record -> {
              if (!record.key().equals(record.value().getRollout().getRolloutId())) {
                throw new AssertionError("key " + record.key());
              }
              return record.value();
            })
        .toList();
  }

  List<RatingReceipt> receipts() {
    return audit().stream().map(RatingAudit::getReceipt).toList();
  }

  List<RatingAudit> audit() {
    return read(TOPICS.audit(), RatingAudit.class, RatingAudit.parser()).stream()
        .map(TestRecord::value)
        .toList();
  }

  /** Ids of requests as they were opened, with a minus as they ended. */
  List<String> requests() {
    return read(TOPICS.requests(), RatingRequest.class, RatingRequest.parser()).stream()
        .map(record -> record.value() == null ? "-" + record.key() : record.key())
        .toList();
  }

  /** Request id and what is preferred of it; null: nothing any more. */
  List<KeyValue<String, Preference>> preferences() {
    return read(TOPICS.preferences(), Preference.class, Preference.parser()).stream()
        .map(record -> KeyValue.pair(record.key(), record.value()))
        .toList();
  }

  List<TestRecord<byte[], byte[]>> dead() {
    return driver
        .createOutputTopic(
            TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  Map<String, RaterRecord> raters() {
    TestOutputTopic<String, RaterRecord> raters =
        driver.createOutputTopic(
            TOPICS.raters(),
            Serdes.String().deserializer(),
            new ProtobufSerde<>(RaterRecord.class, RaterRecord.parser()).deserializer());
    return raters.readKeyValuesToMap();
  }

  /** Entries of a store. */
  int size(String store) {
    var keys = new ArrayList<Object>();
    try (var all = driver.getKeyValueStore(store).all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    return keys.size();
  }

  private <T extends MessageLite> List<TestRecord<String, T>> read(
      String topic, Class<T> message, Parser<T> parser) {
    return driver
        .createOutputTopic(
            topic, new StringDeserializer(), new ProtobufSerde<>(message, parser).deserializer())
        .readRecordsToList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
