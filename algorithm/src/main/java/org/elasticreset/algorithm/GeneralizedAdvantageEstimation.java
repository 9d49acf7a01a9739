package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;

/**
 * Generalized advantage estimation, Schulman et al. 2016, arXiv 1506.02438, eq. 16:
 *
 * <pre>
 *   δ_t = r_t + γ V(s_{t+1}) − V(s_t)
 *   Â_t = Σ_{l≥0} (γλ)^l δ_{t+l}
 * </pre>
 *
 * @param discount γ, 0 to 1
 * @param lambda λ, 0 to 1: 0 trusts the value head, 1 trusts the rewards
 * @param whiten shift and scale the advantages of a step to mean 0 and variance 1
 */
public record GeneralizedAdvantageEstimation(double discount, double lambda, boolean whiten)
    implements AdvantageEstimator {

  /**
   * The value behind the last token. A response is an episode of its own: its reward is paid at the
   * last token, whether that is a stop token or the one at max-new-tokens, and nothing can be
   * earned behind it. So nothing is bootstrapped there, as in TRL and in the authors' code.
   */
  private static final double BOOTSTRAP_VALUE = 0;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public GeneralizedAdvantageEstimation {
    requireShares(discount, lambda);
  }

  /** {@inheritDoc} Returns are those before whitening. */
  @Override
  public List<Advantages> of(List<RewardedResponse> step) {
    List<float[]> advantages = new ArrayList<>(step.size());
    List<float[]> returns = new ArrayList<>(step.size());
    for (RewardedResponse response : step) {
      Advantages estimated =
          of(response.rewards(), response.values(), discount, lambda, BOOTSTRAP_VALUE);
      advantages.add(estimated.advantages());
      returns.add(estimated.returns());
    }
    List<float[]> scaled = whiten ? MaskedStatistics.whiten(advantages) : advantages;
    List<Advantages> all = new ArrayList<>(step.size());
    for (int i = 0; i < scaled.size(); i++) {
      all.add(new Advantages(scaled.get(i), returns.get(i)));
    }
    return all;
  }

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
    requireShares(discount, lambda);
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

  private static void requireShares(double discount, double lambda) {
    Require.that(0 <= discount && discount <= 1, "discount", discount, "0 <= discount <= 1");
    Require.that(0 <= lambda && lambda <= 1, "lambda", lambda, "0 <= lambda <= 1");
  }
}
