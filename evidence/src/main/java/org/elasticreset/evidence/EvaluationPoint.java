package org.elasticreset.evidence;

/**
 * One evaluated policy.
 *
 * @param step training steps behind it; 0 is the initial policy
 * @param drift how far it went from the initial policy, in the unit of the comparison: nats a
 *     sequence, or perplexity of human text. Less is better
 * @param reward more is better
 */
public record EvaluationPoint(int step, double drift, double reward) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the step is negative or a figure is not finite
   */
  public EvaluationPoint {
    Require.that(step >= 0, "step", step, "step >= 0");
    Require.finite("drift", drift);
    Require.finite("reward", reward);
  }

  /** Whether no policy that is the other's equal in one figure would be chosen over this one. */
  boolean dominates(EvaluationPoint other) {
    return drift <= other.drift
        && reward >= other.reward
        && (drift < other.drift || reward > other.reward);
  }
}
