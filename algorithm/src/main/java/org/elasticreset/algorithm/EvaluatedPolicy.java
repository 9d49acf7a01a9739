package org.elasticreset.algorithm;

/**
 * What an evaluation on held-out prompts found.
 *
 * @param step whose policy was evaluated
 * @param reward mean reward
 * @param rewardError its standard error
 * @param klNats drift from the initial policy, nats per sequence
 * @param klError its standard error
 */
public record EvaluatedPolicy(
    long step, double reward, double rewardError, double klNats, double klError) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the step or an error is negative or a figure not finite
   */
  public EvaluatedPolicy {
    Require.notNegative("step", step);
    Require.finite("reward", reward);
    Require.finite("klNats", klNats);
    Require.that(
        0 <= rewardError && rewardError < Double.POSITIVE_INFINITY,
        "rewardError",
        rewardError,
        "rewardError >= 0");
    Require.that(
        0 <= klError && klError < Double.POSITIVE_INFINITY, "klError", klError, "klError >= 0");
  }

  /**
   * √KL, the distance that reward grows about linearly with at first; see {@link MarginalValue}.
   */
  double distance() {
    return Math.sqrt(Math.max(0, klNats));
  }

  /** Standard error of the distance, to first order. */
  double distanceError() {
    return distance() > 0 ? klError / (2 * distance()) : Math.sqrt(klError);
  }
}
