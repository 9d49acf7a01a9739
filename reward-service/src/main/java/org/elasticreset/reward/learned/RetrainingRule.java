package org.elasticreset.reward.learned;

import java.time.Duration;
import java.time.Instant;

/**
 * When a model is trained again.
 *
 * @param everyPairs that came, or were taken back, since it was trained last
 * @param leastPairs before it is trained at all
 * @param atMostEvery time from the end of a training to the next
 */
record RetrainingRule(int everyPairs, int leastPairs, Duration atMostEvery) {

  /**
   * A training, whatever came of it.
   *
   * @param pairs that there were
   */
  record Attempt(long pairs, Instant ended) {
    static final Attempt NONE = new Attempt(0, Instant.EPOCH);
  }

  boolean isDue(long pairs, Attempt last, Instant now) {
    return pairs >= leastPairs
        && Math.abs(pairs - last.pairs()) >= everyPairs
        && !now.isBefore(last.ended().plus(atMostEvery));
  }
}
