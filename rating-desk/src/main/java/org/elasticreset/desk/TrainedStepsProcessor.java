package org.elasticreset.desk;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.elasticreset.proto.v1.TrainedSteps;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/** Keeps which step was trained on last. Every instance reads all events, there being few. */
final class TrainedStepsProcessor extends ContextualProcessor<String, TrainingEvent, Void, Void> {

  static final String NEWEST = "newest";

  @Override
  public void process(Record<String, TrainingEvent> record) {
    @Nullable TrainingEvent event = record.value();
    if (event == null || !(event.hasTrainingStep() || event.hasUpdateDiscarded())) {
      return;
    }
    KeyValueStore<String, TrainedSteps> steps = context().getStateStore(DeskStores.STEPS);
    @Nullable TrainedSteps before = steps.get(NEWEST);
    long told = before == null ? 0 : before.getTold();
    steps.put(
        NEWEST, TrainedSteps.newBuilder().setNewest(event.getStep()).setTold(told + 1).build());
  }
}
