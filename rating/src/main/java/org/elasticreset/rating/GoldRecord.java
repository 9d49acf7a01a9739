package org.elasticreset.rating;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * A rater's answers to gold questions, whose right answer is known.
 *
 * @param right answers
 * @param wrong answers
 */
public record GoldRecord(long right, long wrong) {
  /** Nothing is known of the rater. */
  public static final GoldRecord NONE = new GoldRecord(0, 0);

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public GoldRecord {
    Require.that(right >= 0, "right", right, "not negative");
    Require.that(wrong >= 0, "wrong", wrong, "not negative");
  }

  /** With one more answer. */
  public GoldRecord and(boolean wasRight) {
    return wasRight ? new GoldRecord(right + 1, wrong) : new GoldRecord(right, wrong + 1);
  }

  /**
   * How often the rater is right: the mean of what is believed after these answers, from the
   * uniform prior (Laplace's rule of succession), (right + 1) / (right + wrong + 2). In (0, 1), ½
   * of a stranger.
   */
  public double accuracy() {
    return (right + 1.0) / (right + wrong + 2.0);
  }

  /**
   * What is believed of the rater being right more seldom than some share: P(accuracy &lt; share)
   * of Beta(right + 1, wrong + 1).
   *
   * @param share in (0, 1)
   */
  public double probabilityBelow(double share) {
    return BetaDistribution.of(right + 1.0, wrong + 1.0).cumulativeProbability(share);
  }
}
