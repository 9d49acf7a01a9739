package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.List;

/**
 * GRPO's advantages: Shao et al. 2024, arXiv 2402.03300, section 4.1.2. A response is compared with
 * the k of its prompt, in units of their standard deviation s (of the sample, n − 1):
 *
 * <pre>
 *   A_i = (R_i − mean(R)) ÷ (s + 10⁻⁴)
 * </pre>
 *
 * <p>A group whose responses all earned the same teaches nothing. 10⁻⁴ is TRL's. Dr. GRPO (Liu et
 * al. 2025, arXiv 2503.20783) leaves the deviation out, and with it what makes easy and hard
 * prompts count for more; its advantage is (k − 1) ÷ k of {@link LeaveOneOut}'s.
 *
 * @param samplesPerPrompt k, at least 2
 */
public record GroupRelative(int samplesPerPrompt) implements AdvantageEstimator {

  private static final double EPSILON = 1e-4;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public GroupRelative {
    PromptGroups.requireSeveral(samplesPerPrompt);
  }

  @Override
  public List<Advantages> of(List<RewardedResponse> step) {
    return PromptGroups.each(step, samplesPerPrompt, GroupRelative::ofGroup);
  }

  private static double[] ofGroup(double[] rewards) {
    double mean = Arrays.stream(rewards).sum() / rewards.length;
    double squares = Arrays.stream(rewards).map(reward -> (reward - mean) * (reward - mean)).sum();
    double deviation = Math.sqrt(squares / (rewards.length - 1));
    return Arrays.stream(rewards).map(reward -> (reward - mean) / (deviation + EPSILON)).toArray();
  }
}
