package org.elasticreset.desk;

import java.time.Duration;
import org.elasticreset.rating.Aggregation;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.MutingRule;

/**
 * What a run says of people.
 *
 * @param runId put before the topics' names
 * @param fallback what stands in at a deadline
 * @param aggregation of several answers
 * @param muting who is no longer believed
 * @param combination of what people and models say
 * @param keepEnded how long a case is known after its end, so that one which comes again is not
 *     asked again; as long as {@code rating-cases} keeps its records
 * @param lookEvery how often deadlines, trained steps and muted raters are looked after: by so much
 *     are they late at most
 */
public record DeskSettings(
    String runId,
    Fallback fallback,
    Aggregation aggregation,
    MutingRule muting,
    RewardCombination combination,
    Duration keepEnded,
    Duration lookEvery) {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public DeskSettings {
    requirePositive("keep-ended", keepEnded);
    requirePositive("look-every", lookEvery);
  }

  private static void requirePositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: above PT0S)");
    }
  }
}
