package org.elasticreset.learner;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Scored rollouts that came back, in whatever order. */
interface Inbox {

  /** The next one, or null if none came in time. */
  @Nullable ReceivedRollout poll(Duration patience) throws InterruptedException;
}
