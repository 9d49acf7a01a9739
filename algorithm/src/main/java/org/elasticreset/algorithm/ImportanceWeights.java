package org.elasticreset.algorithm;

/**
 * Truncated importance weights, Espeholt et al. 2018, arXiv 1802.01561, section 4.1:
 *
 * <pre>
 *   ρ_t = min(ρ̄, π_proximal(a_t | s_t) / π_behaviour(a_t | s_t))
 * </pre>
 *
 * <p>For rollouts that a policy of an earlier reset epoch drew: PPO's ratio is taken against the
 * policy before the update (the proximal policy), and each token's advantage is multiplied by its
 * weight, so that the clip range still measures the update and not the reset; Hilton et al. 2022,
 * arXiv 2110.00641, section 3.
 */
public final class ImportanceWeights {
  private ImportanceWeights() {}

  /**
   * Weights of one response of T tokens.
   *
   * @param proximalLogProbs [T] of the learner's policy before the update
   * @param behaviourLogProbs [T] of the policy that drew the tokens
   * @param ceiling ρ̄, at least 1; bounds the variance
   * @return [T] 0 to ρ̄
   * @throws IllegalArgumentException if lengths differ or the ceiling is below 1
   */
  public static float[] of(float[] proximalLogProbs, float[] behaviourLogProbs, double ceiling) {
    Require.sameLength(
        "behaviourLogProbs", behaviourLogProbs.length, "proximalLogProbs", proximalLogProbs.length);
    Require.that(ceiling >= 1, "ceiling", ceiling, "ceiling >= 1");
    float[] weights = new float[proximalLogProbs.length];
    for (int t = 0; t < weights.length; t++) {
      double ratio = Math.exp((double) proximalLogProbs[t] - behaviourLogProbs[t]);
      weights[t] = (float) Math.min(ceiling, ratio);
    }
    return weights;
  }
}
