package org.elasticreset.reward.raters;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** When a rater was seen last, by whichever way they came in. */
public final class RaterPresence {
  private final Clock clock;
  private final Duration absentAfter;
  private volatile Instant lastSeen = Instant.MIN;

  /**
   * Nobody was seen yet.
   *
   * @param absentAfter silence behind which nobody counts as present
   */
  public RaterPresence(Clock clock, Duration absentAfter) {
    this.clock = clock;
    this.absentAfter = absentAfter;
  }

  /** A rater fetched a request, or said something. */
  public void seen() {
    lastSeen = clock.instant();
  }

  /** Whether somebody is there who could answer. */
  public boolean isAnybodyThere() {
    return lastSeen.isAfter(clock.instant().minus(absentAfter));
  }
}
