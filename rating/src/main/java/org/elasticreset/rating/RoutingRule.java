package org.elasticreset.rating;

import java.util.Optional;

/**
 * Which rollouts people are asked about: a share of all, and those that the models are not sure of.
 * The share is drawn by a hash of the prompt's id, so that a rollout that comes again goes the same
 * way.
 *
 * @param share of prompts, in [0, 1], whatever the models say
 * @param uncertainty distance from ½ of a score in [0, 1] below which the model counts as unsure; 0
 *     asks nobody for it
 * @param disagreement difference of the highest and the lowest scorer from which they disagree;
 *     empty asks nobody for it
 * @param judgeGap difference of reward and judge from which one of them is fooled; empty asks
 *     nobody for it
 */
public record RoutingRule(
    double share, double uncertainty, Optional<Double> disagreement, Optional<Double> judgeGap) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public RoutingRule {
    Require.share("share", share);
    Require.that(
        0 <= uncertainty && uncertainty <= 0.5,
        "uncertainty",
        uncertainty,
        "0 <= uncertainty <= 0.5");
    disagreement.ifPresent(d -> Require.that(d > 0, "disagreement", d, "above 0"));
    judgeGap.ifPresent(g -> Require.that(g > 0, "judge-gap", g, "above 0"));
  }

  /**
   * Why people are asked about a rollout, if they are; the first reason that holds.
   *
   * @param draw of the prompt, in [0, 1)
   */
  public Optional<RoutingReason> reason(double draw, ModelScores scores) {
    if (draw < share) {
      return Optional.of(RoutingReason.SHARE);
    }
    if (Math.abs(scores.reward() - 0.5) < uncertainty) {
      return Optional.of(RoutingReason.UNCERTAIN);
    }
    if (disagreement.filter(from -> scores.spread() >= from).isPresent()) {
      return Optional.of(RoutingReason.DISAGREEMENT);
    }
    boolean fooled =
        judgeGap.isPresent()
            && scores.judge().isPresent()
            && Math.abs(scores.reward() - scores.judge().get()) >= judgeGap.get();
    return fooled ? Optional.of(RoutingReason.JUDGE_GAP) : Optional.empty();
  }
}
