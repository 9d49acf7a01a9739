package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.elasticreset.algorithm.Advantages;
import org.elasticreset.algorithm.GeneralizedAdvantageEstimation;
import org.elasticreset.algorithm.ImportanceWeights;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.MaskedStatistics;
import org.elasticreset.algorithm.TokenRewards;
import org.elasticreset.model.PpoSample;

/** Turns the rollouts of a step into what PPO learns from: advantages and returns per token. */
final class PpoSamples {

  /**
   * The value behind the last token. A response is an episode of its own: its reward is paid at the
   * last token, whether that is a stop token or the one at max-new-tokens, and nothing can be
   * earned behind it. So nothing is bootstrapped there, as in TRL and in the authors' code.
   */
  private static final double BOOTSTRAP_VALUE = 0;

  /** ρ̄ of rollouts from before a reset; Espeholt et al. 2018, section 4.1. */
  private static final double IMPORTANCE_CEILING = 1;

  private final PpoConfig ppo;
  private final KlEstimator estimator;

  PpoSamples(PpoConfig ppo, KlEstimator estimator) {
    this.ppo = ppo;
    this.estimator = estimator;
  }

  /**
   * Samples in the order of the rollouts.
   *
   * @param klCoefficient β of the penalty in the token rewards
   * @param fromEarlierEpoch ids of rollouts from before a reset: their old log-probabilities are
   *     those of the policy as it is now, and their advantages are weighted by how much likelier it
   *     is to draw the token than the policy that did, at most 1
   */
  List<PpoSample> of(
      MeasuredRollouts measured, double klCoefficient, Set<String> fromEarlierEpoch) {
    List<float[]> advantages = new ArrayList<>();
    List<float[]> returns = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      float[] rewards =
          TokenRewards.of(
              measured.rollouts().get(i).rollout().reward(),
              measured.drawnLogProbs().get(i),
              measured.referenceLogProbs().get(i),
              estimator,
              klCoefficient);
      Advantages estimated =
          GeneralizedAdvantageEstimation.of(
              rewards,
              measured.now().get(i).values(),
              ppo.discount(),
              ppo.gaeLambda(),
              BOOTSTRAP_VALUE);
      advantages.add(estimated.advantages());
      returns.add(estimated.returns());
    }
    List<float[]> scaled =
        ppo.whitenAdvantages() ? MaskedStatistics.whiten(advantages) : advantages;

    List<PpoSample> samples = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      ReceivedRollout received = measured.rollouts().get(i);
      float[] oldLogProbs = measured.drawnLogProbs().get(i);
      float[] weighted = scaled.get(i);
      if (fromEarlierEpoch.contains(received.rollout().id())) {
        oldLogProbs = measured.now().get(i).logProbs();
        weighted =
            product(
                weighted,
                ImportanceWeights.of(
                    oldLogProbs, received.rollout().behaviourLogProbs(), IMPORTANCE_CEILING));
      }
      samples.add(
          new PpoSample(
              received.tokens(),
              oldLogProbs,
              measured.now().get(i).values(),
              weighted,
              returns.get(i)));
    }
    return samples;
  }

  private static float[] product(float[] a, float[] b) {
    float[] product = new float[a.length];
    for (int t = 0; t < product.length; t++) {
      product[t] = a[t] * b[t];
    }
    return product;
  }
}
