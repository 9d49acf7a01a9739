package org.elasticreset.rating;

/** Why people are asked about a rollout. */
public enum RoutingReason {
  /** It is of the share of all prompts that people see. */
  SHARE,
  /** The model's score is near ½. */
  UNCERTAIN,
  /** The scorers are far apart. */
  DISAGREEMENT,
  /** Reward and judge are far apart. */
  JUDGE_GAP,
  /** Its answer is known: it measures the rater. */
  GOLD
}
