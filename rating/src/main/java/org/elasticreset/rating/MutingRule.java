package org.elasticreset.rating;

/**
 * Who is no longer believed. Somebody who answers by chance is right in half of the pairs; somebody
 * who wants to do harm, in fewer.
 *
 * @param accuracy below which a rater is of no use, in (0, 1)
 * @param confidence that the rater is below it, in (0, 1), before being muted
 */
public record MutingRule(double accuracy, double confidence) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public MutingRule {
    Require.that(0 < accuracy && accuracy < 1, "accuracy", accuracy, "0 < accuracy < 1");
    Require.that(0 < confidence && confidence < 1, "confidence", confidence, "0 < confidence < 1");
  }

  /** Whether a rater with these answers to gold questions is muted. */
  public boolean mutes(GoldRecord gold) {
    return gold.probabilityBelow(accuracy) >= confidence;
  }
}
