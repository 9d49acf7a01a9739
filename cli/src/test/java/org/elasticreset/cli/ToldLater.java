package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.TrainingEvent;

/** One event, which arrives once a condition holds. */
record ToldLater(BooleanSupplier condition, TrainingEvent event) implements TrainingEventSource {
  @Override
  public void replay(Consumer<TrainingEvent> earlier) {}

  @Override
  public List<TrainingEvent> poll(Duration timeout) throws InterruptedException {
    Thread.sleep(Math.min(20, timeout.toMillis()));
    return condition.getAsBoolean() ? List.of(event) : List.of();
  }

  @Override
  public void close() {}
}
