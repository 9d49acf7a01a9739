package org.elasticreset.algorithm;

import java.util.Comparator;

/**
 * Which policy made something.
 *
 * @param version number of the published policy, from 1; never goes backwards
 * @param resetEpoch resets before that version, from 0. Versions on two sides of a reset are
 *     further apart than their numbers say.
 */
public record PolicyStamp(long version, long resetEpoch) implements Comparable<PolicyStamp> {
  private static final Comparator<PolicyStamp> ORDER =
      Comparator.comparingLong(PolicyStamp::version).thenComparingLong(PolicyStamp::resetEpoch);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public PolicyStamp {
    Require.notNegative("version", version);
    Require.notNegative("resetEpoch", resetEpoch);
  }

  /** Whether a reset lies between this policy and {@code other}. */
  public boolean isOfEarlierEpochThan(PolicyStamp other) {
    return resetEpoch < other.resetEpoch;
  }

  @Override
  public int compareTo(PolicyStamp other) {
    return ORDER.compare(this, other);
  }
}
