package org.elasticreset.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.TrainingEvent;

/** Events that arrive one at each poll, and then none. */
final class ListedEvents implements TrainingEventSource {
  private final Deque<TrainingEvent> events;

  ListedEvents(List<TrainingEvent> events) {
    this.events = new ArrayDeque<>(events);
  }

  @Override
  public void replay(Consumer<TrainingEvent> earlier) {}

  @Override
  public List<TrainingEvent> poll(Duration timeout) throws InterruptedException {
    if (events.isEmpty()) {
      Thread.sleep(Math.min(20, timeout.toMillis()));
      return List.of();
    }
    return List.of(events.remove());
  }

  @Override
  public void close() {}
}
