package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.List;

/**
 * RLOO: Kool, van Hoof and Welling 2019, "Buy 4 REINFORCE samples, get a baseline for free!";
 * Ahmadian et al. 2024, arXiv 2402.14740. The baseline of a response is the mean of the other k − 1
 * of its prompt, which does not depend on it, so the gradient stays unbiased:
 *
 * <pre>
 *   A_i = R_i − 1 ÷ (k − 1) · Σ_{j≠i} R_j
 * </pre>
 *
 * @param samplesPerPrompt k, at least 2
 */
public record LeaveOneOut(int samplesPerPrompt) implements AdvantageEstimator {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public LeaveOneOut {
    PromptGroups.requireSeveral(samplesPerPrompt);
  }

  @Override
  public List<Advantages> of(List<RewardedResponse> step) {
    return PromptGroups.each(step, samplesPerPrompt, LeaveOneOut::ofGroup);
  }

  private static double[] ofGroup(double[] rewards) {
    double sum = Arrays.stream(rewards).sum();
    return Arrays.stream(rewards)
        .map(reward -> reward - (sum - reward) / (rewards.length - 1))
        .toArray();
  }
}
