package org.elasticreset.algorithm;

/**
 * The exponential moving average of weights, Noukhovitch et al. 2023, arXiv 2312.07551, Algorithm
 * 1:
 *
 * <pre>
 *   θ̄ ← η θ̄ + (1 − η) θ
 * </pre>
 *
 * @param decay η, between 0 and 1. It says nothing without the cadence of updates: see {@link
 *     #initialShare}.
 */
public record ExponentialAverage(double decay) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; decay &lt; 1
   */
  public ExponentialAverage {
    Require.that(0 < decay && decay < 1, "decay", decay, "0 < decay < 1");
  }

  /**
   * Takes the latest weights into the average, in place: θ̄ + (1 − η)(θ − θ̄) in float, operation
   * by operation what torch_ema does, which the authors use. A weight that does not change keeps
   * its average to the bit.
   *
   * @throws IllegalArgumentException if lengths differ; the average is then untouched
   */
  public void update(float[] average, float[] latest) {
    Require.sameLength("latest", latest.length, "average", average.length);
    float weight = (float) (1 - decay);
    for (int i = 0; i < average.length; i++) {
      average[i] += weight * (latest[i] - average[i]);
    }
  }

  /**
   * The share of the average that is still the initial weights: η^n, from 1 down.
   *
   * @param updates n, updates since the average last started from the initial weights
   */
  public double initialShare(long updates) {
    Require.notNegative("updates", updates);
    return Math.pow(decay, updates);
  }
}
