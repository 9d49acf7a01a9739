package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.proto.v1.TrainingEvent;

/** Where the events of a run arrive, in order. */
interface TrainingEventSource extends AutoCloseable {
  /** Hands on the events of earlier lives of the run; called once, before any poll. */
  void replay(Consumer<TrainingEvent> earlier) throws InterruptedException;

  /** Events since the last call; waits up to {@code timeout} for the first. */
  List<TrainingEvent> poll(Duration timeout) throws InterruptedException;

  /** What services could not use, since the last call; known from polls. */
  default List<DeadLetter> deadLetters() {
    return List.of();
  }

  @Override
  void close();
}
