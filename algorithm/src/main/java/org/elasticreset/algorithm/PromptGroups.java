package org.elasticreset.algorithm;

import java.util.List;
import java.util.function.UnaryOperator;

/** The responses of a step, k to a prompt, those of one prompt beside each other. */
final class PromptGroups {
  private PromptGroups() {}

  static void requireSeveral(int samplesPerPrompt) {
    Require.that(
        samplesPerPrompt >= 2,
        "samplesPerPrompt",
        samplesPerPrompt,
        "samplesPerPrompt >= 2, for a response is compared with others of its prompt");
  }

  /**
   * Advantages of whole responses, computed group by group.
   *
   * @param advantages from the k rewards of a group to its k advantages
   */
  static List<Advantages> each(
      List<RewardedResponse> step, int samplesPerPrompt, UnaryOperator<double[]> advantages) {
    int k = samplesPerPrompt;
    Require.that(
        !step.isEmpty() && step.size() % k == 0,
        "step",
        step.size() + " responses",
        "whole groups of " + k);
    double[] all = new double[step.size()];
    for (int first = 0; first < all.length; first += k) {
      double[] rewards =
          step.subList(first, first + k).stream().mapToDouble(RewardedResponse::total).toArray();
      System.arraycopy(advantages.apply(rewards), 0, all, first, k);
    }
    return AdvantageEstimator.spread(step, all);
  }
}
