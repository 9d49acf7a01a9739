package org.elasticreset.algorithm;

/** What follows an update. */
public sealed interface ResetDecision {
  /** Nothing: training goes on with its own weights. */
  record Continue() implements ResetDecision {}

  /** The policy is replaced, and the average starts again from the initial weights. */
  sealed interface Reset extends ResetDecision {
    /** What fired, in words. */
    String reason();

    /** n, the updates that the average had. */
    long updatesSinceReset();
  }

  /**
   * θ ← θ̄, then θ̄ ← θ₀: the policy becomes the average, and the average starts again from the
   * initial weights.
   *
   * @param reason what fired, in words
   * @param updatesSinceReset n, the updates in the average that is adopted
   */
  record ResetToAverage(String reason, long updatesSinceReset) implements Reset {}

  /**
   * θ ← θ₀ and θ̄ ← θ₀: the policy begins again, the paper's ablation of Elastic Reset. All that is
   * kept is what is outside of the weights: value head and optimizer.
   *
   * @param reason what fired, in words
   * @param updatesSinceReset n, the updates in the average that is thrown away
   */
  record ResetToInitial(String reason, long updatesSinceReset) implements Reset {}
}
