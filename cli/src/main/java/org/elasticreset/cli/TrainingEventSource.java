package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import org.elasticreset.proto.v1.TrainingEvent;

/** Where the events of a run arrive, in order. */
interface TrainingEventSource extends AutoCloseable {
  /** Events since the last call; waits up to {@code timeout} for the first. */
  List<TrainingEvent> poll(Duration timeout) throws InterruptedException;

  @Override
  void close();
}
