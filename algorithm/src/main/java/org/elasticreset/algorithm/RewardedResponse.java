package org.elasticreset.algorithm;

/**
 * What one response of T tokens earned.
 *
 * @param rewards [T] of each token, a KL penalty included; see {@link TokenRewards}
 * @param values [T] what a value head expected before each token; 0 where there is none
 */
public record RewardedResponse(float[] rewards, float[] values) {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if there is no token, or lengths differ
   */
  public RewardedResponse {
    Require.that(rewards.length > 0, "rewards", "empty", "at least one token");
    Require.sameLength("values", values.length, "rewards", rewards.length);
  }

  /** T, the number of tokens. */
  public int length() {
    return rewards.length;
  }

  /** R, the reward of the whole response: the sum of those of its tokens, undiscounted. */
  public double total() {
    double total = 0;
    for (float reward : rewards) {
      total += reward;
    }
    return total;
  }
}
