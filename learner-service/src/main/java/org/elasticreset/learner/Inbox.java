package org.elasticreset.learner;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scored rollouts that came back, in whatever order. */
interface Inbox {

  /**
   * Starts reading, once.
   *
   * @param offsets by partition, of the first record to read; others from their beginning
   */
  void open(Map<Integer, Long> offsets);

  /** The next one, or null if none came in time. */
  @Nullable ReceivedRollout poll(Duration patience) throws InterruptedException;
}
