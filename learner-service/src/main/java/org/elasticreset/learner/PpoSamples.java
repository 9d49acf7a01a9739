package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.elasticreset.algorithm.AdvantageEstimator;
import org.elasticreset.algorithm.Advantages;
import org.elasticreset.algorithm.ImportanceWeights;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.RewardedResponse;
import org.elasticreset.algorithm.TokenRewards;
import org.elasticreset.model.PpoSample;

/** Turns the rollouts of a step into what is learnt from: advantages and returns per token. */
final class PpoSamples {

  /** ρ̄ of rollouts that another policy drew; Espeholt et al. 2018, section 4.1. */
  private static final double IMPORTANCE_CEILING = 1;

  private final KlEstimator estimator;

  PpoSamples(KlEstimator estimator) {
    this.estimator = estimator;
  }

  /**
   * What a step learns from.
   *
   * @param samples in the order of the rollouts
   * @param advantages the estimator behind the step
   */
  record OfStep(List<PpoSample> samples, AdvantageEstimator advantages) {}

  /**
   * The samples of a step.
   *
   * @param measured in the order in which they were issued: the responses to one prompt beside each
   *     other, as {@link WorkOrders} wrote them
   * @param advantages what the responses are compared with
   * @param klCoefficient β of the penalty in the token rewards
   * @param toWeigh ids of rollouts of another policy: their old log-probabilities are those of the
   *     policy as it is now, and their advantages are weighted by how much likelier it is to draw
   *     the token than the policy that did, at most 1
   */
  OfStep of(
      MeasuredRollouts measured,
      AdvantageEstimator advantages,
      double klCoefficient,
      Set<String> toWeigh) {
    List<RewardedResponse> responses = rewarded(measured, klCoefficient);
    List<Advantages> estimated = advantages.of(responses);

    List<PpoSample> samples = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      ReceivedRollout received = measured.rollouts().get(i);
      float[] oldLogProbs = measured.drawnLogProbs().get(i);
      float[] weighted = estimated.get(i).advantages();
      if (toWeigh.contains(received.rollout().id())) {
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
              measured.referenceLogProbs().get(i),
              measured.now().get(i).values(),
              weighted,
              estimated.get(i).returns()));
    }
    return new OfStep(samples, advantages.next(responses));
  }

  private List<RewardedResponse> rewarded(MeasuredRollouts measured, double klCoefficient) {
    List<RewardedResponse> responses = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      responses.add(
          new RewardedResponse(
              TokenRewards.of(
                  measured.rollouts().get(i).rollout().reward(),
                  measured.drawnLogProbs().get(i),
                  measured.referenceLogProbs().get(i),
                  estimator,
                  klCoefficient),
              measured.now().get(i).values()));
    }
    return responses;
  }

  private static float[] product(float[] a, float[] b) {
    float[] product = new float[a.length];
    for (int t = 0; t < product.length; t++) {
      product[t] = a[t] * b[t];
    }
    return product;
  }
}
