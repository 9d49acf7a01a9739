package org.elasticreset.evidence;

/**
 * A range of drift, for areas under fronts.
 *
 * @param from the least drift; 0 for KL, the initial policy's for perplexity
 * @param upTo the limit, above {@code from}
 */
public record DriftRange(double from, double upTo) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a limit is not finite, or the range is empty
   */
  public DriftRange {
    Require.finite("from", from);
    Require.finite("upTo", upTo);
    Require.that(from < upTo, "upTo", upTo, "more than " + from);
  }

  /** From no drift at all. */
  public static DriftRange upTo(double limit) {
    return new DriftRange(0, limit);
  }
}
