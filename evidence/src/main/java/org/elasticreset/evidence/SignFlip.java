package org.elasticreset.evidence;

import java.util.SplittableRandom;

/**
 * The sign-flip test of paired differences (Fisher, The Design of Experiments, 1935, section 21):
 * if neither arm is better, each difference is as likely with the other sign. It assumes nothing
 * but that symmetry.
 *
 * <p>With n seeds there are 2ⁿ signs, and the smallest two-sided p-value is 2/2ⁿ: 0.25 for three
 * seeds, 0.0625 for five, 0.031 for six. Below six seeds it can never speak at 0.05, whatever the
 * arms did; it stands beside the interval to say so.
 */
public final class SignFlip {
  private static final int ENUMERATED = 20;
  private static final int DRAWN = 100_000;

  private SignFlip() {}

  /**
   * The share of sign patterns with a mean at least as far from 0: exact up to 20 differences,
   * beyond that by 100,000 patterns drawn from a fixed seed.
   *
   * @param differences one a seed, finite, at least one
   */
  public static double pValue(double[] differences) {
    Require.that(differences.length > 0, "differences", "none", "at least one");
    double observed = 0;
    double scale = 0;
    for (double difference : differences) {
      Require.finite("difference", difference);
      observed += difference;
      scale += Math.abs(difference);
    }
    // Sums of the same numbers in another order may differ by their rounding.
    double bar = Math.abs(observed) - 1e-12 * scale;
    return differences.length <= ENUMERATED ? exact(differences, bar) : drawn(differences, bar);
  }

  /** The smallest p-value that so many differences can give. */
  public static double smallestPossible(int seeds) {
    return Math.min(1, 2 / Math.pow(2, seeds));
  }

  private static double exact(double[] differences, double bar) {
    int patterns = 1 << differences.length;
    int asFar = 0;
    for (int pattern = 0; pattern < patterns; pattern++) {
      double sum = 0;
      for (int i = 0; i < differences.length; i++) {
        sum += (pattern >> i & 1) == 0 ? differences[i] : -differences[i];
      }
      asFar += Math.abs(sum) >= bar ? 1 : 0;
    }
    return (double) asFar / patterns;
  }

  private static double drawn(double[] differences, double bar) {
    SplittableRandom random = new SplittableRandom(1);
    int asFar = 1;
    for (int pattern = 1; pattern < DRAWN; pattern++) {
      double sum = 0;
      for (double difference : differences) {
        sum += random.nextBoolean() ? difference : -difference;
      }
      asFar += Math.abs(sum) >= bar ? 1 : 0;
    }
    return (double) asFar / DRAWN;
  }
}
