package org.elasticreset.cli.ab;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.elasticreset.evidence.AbPlan;
import org.elasticreset.evidence.TwoArmEffect;

/** Rules for tests: a metric of 0 and 1, an outcome window of a minute. */
final class Rules {
  static final long WINDOW = 60_000;

  private Rules() {}

  static AbRules of(double... shares) {
    return of(OptionalDouble.empty(), OptionalDouble.empty(), shares);
  }

  static AbRules of(OptionalDouble absent, OptionalDouble rewardMargin, double... shares) {
    return new AbRules(
        "test",
        Arrays.stream(shares).boxed().toList(),
        10,
        new AbPlan(
            0.05,
            0.05,
            Optional.of(new TwoArmEffect.Bounds(0, 1)),
            10,
            200,
            rewardMargin,
            OptionalDouble.empty()),
        false,
        false,
        absent,
        Duration.ofMillis(WINDOW),
        Duration.ofMinutes(10),
        OptionalLong.empty());
  }
}
