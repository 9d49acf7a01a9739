package org.elasticreset.evidence;

/**
 * Where a figure lies.
 *
 * @param low at most {@code high}
 * @param confidence stated share of such intervals that hold what they estimate, such as 0.95
 */
public record Interval(double low, double high, double confidence) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the limits are not in order, or the confidence is no share
   */
  public Interval {
    Require.that(low <= high, "low", low, "at most high, " + high);
    Require.probability("confidence", confidence);
  }

  /** Whether a value lies between the limits. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
