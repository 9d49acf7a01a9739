package org.elasticreset.evidence;

import java.util.OptionalDouble;

/**
 * One answered prompt.
 *
 * @param inB whether B answered it
 * @param share with which chance B would
 * @param metric the user's own, more is better; absent if it never came
 * @param reward of the answer
 * @param drift of the answer: log π − log π₀, nats a sequence; absent without an initial policy
 */
public record AbUnit(
    boolean inB, double share, OptionalDouble metric, double reward, OptionalDouble drift) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the share is none, or a figure is not finite
   */
  public AbUnit {
    Require.that(0 <= share && share <= 1, "share", share, "0 <= share <= 1");
    metric.ifPresent(value -> Require.finite("metric", value));
    Require.finite("reward", reward);
    drift.ifPresent(value -> Require.finite("drift", value));
  }
}
