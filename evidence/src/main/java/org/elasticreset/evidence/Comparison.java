package org.elasticreset.evidence;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One arm beside the baseline, in one figure.
 *
 * @param arm its name
 * @param baseline that of the arm it is compared with
 * @param differences arm − baseline, by seed
 * @param meanDifference NaN if no seed has both
 * @param inference what chance may have done; empty below two seeds
 * @param verdict with Holm's correction over all arms of the comparison
 */
public record Comparison(
    String arm,
    String baseline,
    PairedDifferences differences,
    double meanDifference,
    Optional<Inference> inference,
    Verdict verdict) {

  /**
   * What chance may have done.
   *
   * @param interval of the mean difference, for this arm alone, by {@link PairedBootstrap}
   * @param pValue of the same bootstrap, two-sided, for this arm alone
   * @param pHolm {@code pValue} corrected for the number of arms; the verdict rests on it
   * @param pSignFlip of {@link SignFlip}, for this arm alone
   * @param pSignFlipHolm corrected for the number of arms
   * @param smallestDetectable true difference that as many seeds, scattered as these, show with
   *     power 0.8 at the level that Holm asks of the first of the arms
   */
  public record Inference(
      Interval interval,
      double pValue,
      double pHolm,
      double pSignFlip,
      double pSignFlipHolm,
      double smallestDetectable) {}

  static Comparison of(
      String arm, String baseline, PairedDifferences differences, @Nullable Inference inference) {
    double mean =
        differences.values().stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    return new Comparison(
        arm, baseline, differences, mean, Optional.ofNullable(inference), verdict(mean, inference));
  }

  private static Verdict verdict(double mean, @Nullable Inference inference) {
    if (inference == null) {
      return Verdict.TOO_FEW_SEEDS;
    }
    if (inference.pHolm() > 1 - inference.interval().confidence()) {
      return Verdict.NOT_DISTINGUISHABLE;
    }
    return mean > 0 ? Verdict.BETTER : Verdict.WORSE;
  }
}
