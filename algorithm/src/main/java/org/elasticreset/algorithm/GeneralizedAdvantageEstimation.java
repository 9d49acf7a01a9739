package org.elasticreset.algorithm;

/**
 * Generalized advantage estimation, Schulman et al. 2016, arXiv 1506.02438, eq. 16:
 *
 * <pre>
 *   δ_t = r_t + γ V(s_{t+1}) − V(s_t)
 *   Â_t = Σ_{l≥0} (γλ)^l δ_{t+l}
 * </pre>
 */
public final class GeneralizedAdvantageEstimation {
  private GeneralizedAdvantageEstimation() {}

  /**
   * Advantages and returns of one response of T tokens.
   *
   * @param rewards [T] reward of each token; see {@link TokenRewards}
   * @param values [T] V(s_t), the expected return before each token
   * @param discount γ, 0 to 1
   * @param lambda λ, 0 to 1: 0 trusts the value head, 1 trusts the rewards
   * @param bootstrapValue V behind the last token; 0 where the response is complete, as it is both
   *     at a stop token and at the greatest length of a one-answer task
   * @throws IllegalArgumentException if lengths differ or a parameter is out of range
   */
  public static Advantages of(
      float[] rewards, float[] values, double discount, double lambda, double bootstrapValue) {
    Require.sameLength("values", values.length, "rewards", rewards.length);
    Require.that(0 <= discount && discount <= 1, "discount", discount, "0 <= discount <= 1");
    Require.that(0 <= lambda && lambda <= 1, "lambda", lambda, "0 <= lambda <= 1");
    Require.finite("bootstrapValue", bootstrapValue);
    float[] advantages = new float[rewards.length];
    float[] returns = new float[rewards.length];
    double advantage = 0;
    double nextValue = bootstrapValue;
    for (int t = rewards.length - 1; t >= 0; t--) {
      double delta = rewards[t] + discount * nextValue - values[t];
      advantage = delta + discount * lambda * advantage;
      advantages[t] = (float) advantage;
      returns[t] = (float) (advantage + values[t]);
      nextValue = values[t];
    }
    return new Advantages(advantages, returns);
  }
}
