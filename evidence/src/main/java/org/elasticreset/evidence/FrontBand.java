package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * The fronts of an arm's seeds taken together: mean and standard error of the best reward at each
 * of several drifts.
 *
 * @param arm its name
 * @param heights by rising drift; drifts at which a front of some seed has no policy are left out
 */
public record FrontBand(String arm, List<Height> heights) {
  /**
   * The fronts at one drift.
   *
   * @param drift at most
   * @param mean over the seeds of the best reward at no more drift
   * @param standardError of the mean: sample deviation over √seeds; NaN for one seed
   * @param reached seeds whose run drifted so far at all; the fronts of the others are flat here
   */
  public record Height(double drift, double mean, double standardError, int reached) {}

  /** Copies. */
  public FrontBand {
    heights = List.copyOf(heights);
  }

  /** The band of an arm at these drifts. */
  public static FrontBand of(Arm arm, List<Double> drifts, Interpolation interpolation) {
    List<Front> fronts = arm.curves().stream().map(Front::of).toList();
    List<Height> heights = new ArrayList<>();
    for (double drift : drifts.stream().sorted().distinct().toList()) {
      double[] rewards =
          fronts.stream()
              .map(front -> front.rewardAt(drift, interpolation))
              .flatMapToDouble(reward -> reward.stream())
              .toArray();
      if (rewards.length == fronts.size()) {
        int reached = (int) arm.curves().stream().filter(curve -> curve.reach() >= drift).count();
        Sample sample = new Sample(rewards);
        heights.add(new Height(drift, sample.mean(), sample.standardError(), reached));
      }
    }
    return new FrontBand(arm.name(), heights);
  }

  /**
   * Equally spaced drifts, both ends included.
   *
   * @param count at least 2
   */
  public static List<Double> grid(DriftRange range, int count) {
    Require.that(count >= 2, "count", count, "at least 2");
    List<Double> drifts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drifts.add(range.from() + (range.upTo() - range.from()) * i / (count - 1));
    }
    return drifts;
  }
}
