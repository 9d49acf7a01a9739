package org.elasticreset.learner;

import org.elasticreset.model.PolicyLoss;

/** What a run maximises; docs/algorithm.md has the formulas. */
public enum Algorithm {
  /** Advantages by a value head, the clipped surrogate and the value loss. */
  PPO(PolicyLoss.CLIPPED_SURROGATE),

  /** Rewards less their moving average, and the plain policy gradient. */
  REINFORCE(PolicyLoss.POLICY_GRADIENT),

  /** Rewards less the mean of the prompt's other responses, and the plain policy gradient. */
  RLOO(PolicyLoss.POLICY_GRADIENT),

  /** Rewards in deviations from the mean of their prompt, and the clipped surrogate. */
  GRPO(PolicyLoss.CLIPPED_SURROGATE),

  /** Of a second player, which rewards teach nothing: the cross-entropy of references. */
  SUPERVISED(PolicyLoss.POLICY_GRADIENT);

  final PolicyLoss policyLoss;

  Algorithm(PolicyLoss policyLoss) {
    this.policyLoss = policyLoss;
  }

  /** Whether a second head predicts rewards. */
  boolean hasValueHead() {
    return this == PPO;
  }

  /** Whether a response is compared with others of its prompt. */
  boolean comparesWithinPrompts() {
    return this == RLOO || this == GRPO;
  }

  /**
   * Whether the gradient is right only for tokens that the policy as it is now drew: it has no
   * ratio to the policy that did.
   */
  boolean needsOwnTokens() {
    return policyLoss == PolicyLoss.POLICY_GRADIENT && this != SUPERVISED;
  }
}
