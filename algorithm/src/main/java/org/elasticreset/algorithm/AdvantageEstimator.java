package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;

/**
 * How much better than expected the responses of a training step were, and what they are compared
 * with: the one choice that tells PPO, REINFORCE, RLOO and GRPO apart before any gradient is taken.
 *
 * <p>{@link GeneralizedAdvantageEstimation} rates every token by a value head. The others treat a
 * response as one action: with R the sum of its token rewards, a KL penalty among them included,
 * all of its tokens have one advantage, R less a baseline.
 */
public sealed interface AdvantageEstimator
    permits GeneralizedAdvantageEstimation, MovingBaseline, LeaveOneOut, GroupRelative, Imitation {

  /**
   * Advantages of a step.
   *
   * @param step its responses, those of one prompt beside each other
   * @return for each response, in the same order
   * @throws IllegalArgumentException if there is none, or they are not whole groups
   */
  List<Advantages> of(List<RewardedResponse> step);

  /**
   * The estimator of the step behind that one.
   *
   * @param step the responses that were learnt from
   */
  default AdvantageEstimator next(List<RewardedResponse> step) {
    return this;
  }

  /** One advantage for all tokens of each response; nothing for a value head to learn. */
  static List<Advantages> spread(List<RewardedResponse> step, double[] advantages) {
    List<Advantages> spread = new ArrayList<>(step.size());
    for (int i = 0; i < advantages.length; i++) {
      spread.add(Advantages.ofWholeResponse(advantages[i], step.get(i).length()));
    }
    return spread;
  }
}
