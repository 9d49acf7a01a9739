package org.elasticreset.model;

/** How advantages become a loss; {@code program/ppo.py} writes both out. */
public enum PolicyLoss {
  /** max(−Â ρ, −Â clip(ρ, 1 ± ε)), ρ against the old log-probabilities: PPO and GRPO. */
  CLIPPED_SURROGATE,

  /** −Â log π, for tokens that the present policy drew: REINFORCE and RLOO. */
  POLICY_GRADIENT
}
