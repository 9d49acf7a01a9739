package org.elasticreset.hub;

import java.time.Duration;

/**
 * How often something is tried, and how long we wait in between: 1, 2, 4, 8 and 16 seconds, or what
 * the server asks for. One for each thing that is tried.
 */
final class Retries {

  private static final int MOST = 5;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private final String what;
  private final Surroundings.Pauses pauses;
  private final HubListener listener;
  private int failures;

  Retries(String what, Surroundings.Pauses pauses, HubListener listener) {
    this.what = what;
    this.pauses = pauses;
    this.listener = listener;
  }

  /** There was progress worth beginning to count again. */
  void forget() {
    failures = 0;
  }

  /**
   * Waits before the next attempt.
   *
   * @throws HubException if there should be none
   */
  void pauseAfter(TransferFailure failure) throws HubException, InterruptedException {
    Duration pause = failure.retryAfter().orElse(FIRST.multipliedBy(1L << failures));
    failures++;
    if (failures > MOST) {
      throw new HubException(
          what + ": given up after " + failures + " attempts: " + failure.getMessage(), failure);
    }
    if (pause.compareTo(LONGEST) > 0) {
      throw new HubException(what + ": " + failure.getMessage(), failure);
    }
    listener.told(
        "%s: %s; trying again in %d s".formatted(what, failure.getMessage(), pause.toSeconds()));
    pauses.pause(pause);
  }
}
