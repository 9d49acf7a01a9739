package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.List;

/**
 * Learning to say what is given rather than what was drawn: every token has the advantage 1,
 * whatever its reward. The loss of {@link PolicyGradientLoss} is cross-entropy then.
 *
 * <pre>
 *   loss = mean over the tokens of −log π_θ
 * </pre>
 */
public record Imitation() implements AdvantageEstimator {

  @Override
  public List<Advantages> of(List<RewardedResponse> step) {
    double[] ones = new double[step.size()];
    Arrays.fill(ones, 1);
    return AdvantageEstimator.spread(step, ones);
  }
}
