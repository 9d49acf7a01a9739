package org.elasticreset.evidence;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.ContinuousDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * What so few seeds can see: the power of the two-sided paired t test, from the noncentral t
 * distribution, by the integral over the deviation's χ² distribution.
 *
 * <pre>
 *   power(Δ) = E_{x ~ χ²_ν} [ Φ(δ − t √(x/ν)) + Φ(−δ − t √(x/ν)) ],  ν = n − 1,  δ = Δ √n / s
 * </pre>
 *
 * Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, 1988, chapter 2.
 */
public final class Power {
  private static final int STRIPS = 400;

  private static final ContinuousDistribution NORMAL = NormalDistribution.of(0, 1);

  private Power() {}

  /**
   * The chance of finding a true difference.
   *
   * @param difference true mean difference over the deviation of differences; at least 0
   * @param seeds at least 2
   * @param level of the two-sided test, such as 0.05
   */
  public static double of(double difference, int seeds, double level) {
    Require.that(difference >= 0, "difference", difference, "difference >= 0");
    Require.atLeastTwo("seeds", seeds);
    Require.probability("level", level);
    return power(difference * Math.sqrt(seeds), bars(seeds, level));
  }

  /**
   * The true mean difference that is found with this power.
   *
   * @param deviation of the differences over seeds, as measured; so the answer is an estimate, too
   * @param seeds at least 2
   * @param level of the two-sided test
   * @param power such as 0.8
   */
  public static double smallestDetectable(double deviation, int seeds, double level, double power) {
    Require.that(deviation >= 0, "deviation", deviation, "deviation >= 0");
    Require.probability("power", power);
    Require.atLeastTwo("seeds", seeds);
    Require.probability("level", level);
    double[] bars = bars(seeds, level);
    double low = 0;
    double high = 1;
    while (power(high, bars) < power) {
      high *= 2;
    }
    for (int i = 0; i < 30; i++) {
      double middle = (low + high) / 2;
      if (power(middle, bars) < power) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high / Math.sqrt(seeds) * deviation;
  }

  /** What a standardised mean must exceed, at equally likely values of the sample deviation. */
  private static double[] bars(int seeds, double level) {
    int freedom = seeds - 1;
    double critical = TDistribution.of(freedom).inverseSurvivalProbability(level / 2);
    ContinuousDistribution chiSquared = ChiSquaredDistribution.of(freedom);
    double[] bars = new double[STRIPS];
    for (int i = 0; i < STRIPS; i++) {
      double x = chiSquared.inverseCumulativeProbability((i + 0.5) / STRIPS);
      bars[i] = critical * Math.sqrt(x / freedom);
    }
    return bars;
  }

  private static double power(double shift, double[] bars) {
    double sum = 0;
    for (double bar : bars) {
      sum += NORMAL.cumulativeProbability(shift - bar);
      sum += NORMAL.cumulativeProbability(-shift - bar);
    }
    return sum / bars.length;
  }
}
