package org.elasticreset.evidence;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a live comparison is to decide, fixed before it starts.
 *
 * @param alpha chance of a false verdict: of {@code ship} where B does not raise the metric, and of
 *     {@code keep} where it raises it by the smallest effect or more; each guard rail that stops by
 *     mistake does so with this chance, too
 * @param smallestEffect a gain below it is not worth a change; 0 asks for any gain
 * @param metricBounds of the metric; absent: intervals hold asymptotically
 * @param minimum units that both arms must have before anything is said
 * @param planned units of both arms at which intervals are narrowest
 * @param rewardMargin B's mean reward may be so much lower, and must be shown not to be lower
 *     still; absent: no guard
 * @param driftLimit B's mean drift may be so high, and must be shown not to be higher; absent: no
 *     guard
 */
public record AbPlan(
    double alpha,
    double smallestEffect,
    Optional<TwoArmEffect.Bounds> metricBounds,
    long minimum,
    long planned,
    OptionalDouble rewardMargin,
    OptionalDouble driftLimit) {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public AbPlan {
    Require.that(0 < alpha && alpha < 0.5, "alpha", alpha, "0 < alpha < 0.5");
    Require.finite("smallest-effect", smallestEffect);
    Require.that(smallestEffect >= 0, "smallest-effect", smallestEffect, "at least 0");
    Require.that(minimum >= 2, "minimum", minimum, "at least 2");
    Require.that(planned >= 2 * minimum, "planned", planned, "at least twice the minimum");
    rewardMargin.ifPresent(
        margin -> Require.that(margin >= 0, "reward-margin", margin, "at least 0"));
    driftLimit.ifPresent(limit -> Require.finite("drift-limit", limit));
  }
}
