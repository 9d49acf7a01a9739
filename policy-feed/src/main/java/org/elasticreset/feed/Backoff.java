package org.elasticreset.feed;

import java.time.Duration;

/** How long to pause between attempts: doubled each time, from {@code first} to {@code longest}. */
public record Backoff(Duration first, Duration longest) {

  /** Validates. */
  public Backoff {
    if (first.isNegative() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "backoff: from " + first + " to " + longest + " (expected: 0 <= first <= longest)");
    }
  }

  /**
   * The pause after an attempt failed.
   *
   * @param attempt from 1
   */
  public Duration after(int attempt) {
    Duration pause = first.multipliedBy(1L << Math.min(attempt - 1, 20));
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
