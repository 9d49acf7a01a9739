package org.elasticreset.algorithm;

/**
 * The reward of a response spread over its tokens, with the KL penalty; Ziegler et al. 2019, arXiv
 * 1909.08593, eq. 2:
 *
 * <pre>
 *   r_t = −β · kl_t + [t is last] · R
 * </pre>
 */
public final class TokenRewards {
  private TokenRewards() {}

  /**
   * Rewards of one response of T tokens.
   *
   * @param reward R, the score of the whole response
   * @param logProbs [T] of the policy that drew the tokens
   * @param referenceLogProbs [T] of the anchor of the penalty
   * @param coefficient β, at least 0
   * @return [T]
   * @throws IllegalArgumentException if T is 0 or lengths differ
   */
  public static float[] of(
      double reward,
      float[] logProbs,
      float[] referenceLogProbs,
      KlEstimator estimator,
      double coefficient) {
    Require.finite("reward", reward);
    Require.that(coefficient >= 0, "coefficient", coefficient, "coefficient >= 0");
    Require.that(logProbs.length > 0, "logProbs", "empty", "at least one token");
    Require.sameLength("referenceLogProbs", referenceLogProbs.length, "logProbs", logProbs.length);
    float[] rewards = new float[logProbs.length];
    for (int t = 0; t < rewards.length; t++) {
      double kl = estimator.perToken(logProbs[t], referenceLogProbs[t]);
      double score = t == rewards.length - 1 ? reward : 0;
      rewards[t] = (float) (score - coefficient * kl);
    }
    return rewards;
  }
}
