package org.elasticreset.cli.ab;

import org.elasticreset.evidence.Interval;
import org.elasticreset.evidence.TwoArmEffect;

/**
 * The effect on the metric after so many units.
 *
 * @param units counted
 * @param stage from 0
 */
public record TrajectoryPoint(long units, int stage, double estimate, double low, double high) {
  static TrajectoryPoint of(long units, int stage, TwoArmEffect effect) {
    Interval interval = effect.interval();
    return new TrajectoryPoint(units, stage, effect.estimate(), interval.low(), interval.high());
  }
}
