package org.elasticreset.algorithm;

/** What follows an update. */
public sealed interface ResetDecision {
  /** Nothing: training goes on with its own weights. */
  record Continue() implements ResetDecision {}

  /**
   * θ ← θ̄, then θ̄ ← θ₀: the policy becomes the average, and the average starts again from the
   * initial weights.
   *
   * @param reason what fired, in words
   * @param updatesSinceReset n, the updates in the average that is adopted
   */
  record ResetToAverage(String reason, long updatesSinceReset) implements ResetDecision {}
}
