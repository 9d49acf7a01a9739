package org.elasticreset.reward.raters.door;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everybody who rates, for operators.
 *
 * @param krippendorffAlpha how far they agree on the newest requests; absent if it cannot be told
 */
public record RatersReport(List<Rater> raters, Optional<Double> krippendorffAlpha) {

  /**
   * One of them.
   *
   * @param cohenKappa how far they agree with the others; absent if it cannot be told
   */
  public record Rater(
      String rater, long done, long right, long wrong, boolean muted, Optional<Double> cohenKappa) {

    Rater(RaterStanding standing, OptionalDouble kappa) {
      this(
          standing.rater(),
          standing.done(),
          standing.right(),
          standing.wrong(),
          standing.muted(),
          boxed(kappa.orElse(Double.NaN)));
    }
  }

  static RatersReport of(List<Rater> raters, double alpha) {
    return new RatersReport(raters, boxed(alpha));
  }

  private static Optional<Double> boxed(double figure) {
    return Double.isFinite(figure) ? Optional.of(figure) : Optional.empty();
  }
}
