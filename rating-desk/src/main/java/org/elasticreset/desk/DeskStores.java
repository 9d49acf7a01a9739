package org.elasticreset.desk;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.v1.CaseState;
import org.elasticreset.proto.v1.EndedCase;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.TrainedSteps;
import org.jspecify.annotations.Nullable;

/**
 * Where the desk keeps its cases: in memory, with a changelog in Kafka each. What is heavy and
 * never changes is apart from what changes with every rating.
 *
 * @param cases that are open, as they came
 * @param open what was said to them, by the same ids
 * @param ended what is left of the others
 * @param raters what is known of whom
 * @param steps what {@code training-events} say
 */
record DeskStores(
    KeyValueStore<String, RatingCase> cases,
    KeyValueStore<String, CaseState> open,
    KeyValueStore<String, EndedCase> ended,
    RaterBook raters,
    ReadOnlyKeyValueStore<String, TrainedSteps> steps) {

  static final String CASES = "cases";
  static final String OPEN = "open-cases";
  static final String ENDED = "ended-cases";
  static final String GOLD_RECORDS = "gold-records";
  static final String RATERS = "raters";
  static final String STEPS = "trained-steps";

  static DeskStores of(ProcessorContext<?, ?> context) {
    return new DeskStores(
        context.getStateStore(CASES),
        context.getStateStore(OPEN),
        context.getStateStore(ENDED),
        new RaterBook(context.getStateStore(RATERS)),
        context.getStateStore(STEPS));
  }

  /** Those of cases. */
  static List<StoreBuilder<?>> ofCases() {
    return List.of(
        store(CASES, RatingCase.class, RatingCase.parser()),
        store(OPEN, CaseState.class, CaseState.parser()),
        store(ENDED, EndedCase.class, EndedCase.parser()));
  }

  /** Those of raters, who are elsewhere than cases. */
  static StoreBuilder<KeyValueStore<String, RaterRecord>> ofRaters() {
    return store(GOLD_RECORDS, RaterRecord.class, RaterRecord.parser());
  }

  /** Read again from {@code training-events} at every start. */
  static StoreBuilder<KeyValueStore<String, TrainedSteps>> ofSteps() {
    return store(STEPS, TrainedSteps.class, TrainedSteps.parser()).withLoggingDisabled();
  }

  private static <T extends MessageLite> StoreBuilder<KeyValueStore<String, T>> store(
      String name, Class<T> message, Parser<T> parser) {
    return Stores.keyValueStoreBuilder(
            Stores.inMemoryKeyValueStore(name),
            Serdes.String(),
            new ProtobufSerde<>(message, parser))
        .withLoggingEnabled(Map.of());
  }

  /**
   * The case of an open state.
   *
   * @throws IllegalStateException if there is none, which is a bug
   */
  RatingCase caseOf(String id) {
    @Nullable RatingCase asked = cases.get(id);
    if (asked == null) {
      throw new IllegalStateException("case " + id + ": open without its requests");
    }
    return asked;
  }

  TrainedSteps trained() {
    @Nullable TrainedSteps trained = steps.get(TrainedStepsProcessor.NEWEST);
    return trained == null ? TrainedSteps.getDefaultInstance() : trained;
  }
}
