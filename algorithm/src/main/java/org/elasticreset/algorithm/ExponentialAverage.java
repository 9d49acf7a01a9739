package org.elasticreset.algorithm;

import java.nio.FloatBuffer;

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
   * Takes the latest weights into the average, in place; each element in double precision, rounded
   * once.
   *
   * @throws IllegalArgumentException if lengths differ; the average is then untouched
   */
  public void update(float[] average, float[] latest) {
    Require.sameLength("latest", latest.length, "average", average.length);
    int i = 0;
    // Four at a time, for a conversion to float overwrites half a register, and waits for whoever
    // used it before: one at a time, all wait in one line, and take four times as long.
    for (; i + 4 <= average.length; i += 4) {
      double first = mean(average[i], latest[i]);
      double second = mean(average[i + 1], latest[i + 1]);
      double third = mean(average[i + 2], latest[i + 2]);
      double fourth = mean(average[i + 3], latest[i + 3]);
      average[i] = (float) first;
      average[i + 1] = (float) second;
      average[i + 2] = (float) third;
      average[i + 3] = (float) fourth;
    }
    for (; i < average.length; i++) {
      average[i] = (float) mean(average[i], latest[i]);
    }
  }

  private double mean(double average, double latest) {
    return decay * average + (1 - decay) * latest;
  }

  /**
   * As {@link #update(float[], float[])}, over the remaining elements of two buffers, so that a
   * piece of the weights can be averaged as it arrives. Positions do not move.
   *
   * @throws IllegalArgumentException if the remaining lengths differ; the average is then untouched
   */
  public void update(FloatBuffer average, FloatBuffer latest) {
    Require.sameLength("latest", latest.remaining(), "average", average.remaining());
    int a = average.position();
    int l = latest.position();
    for (int i = 0; i < average.remaining(); i++) {
      average.put(a + i, (float) mean(average.get(a + i), latest.get(l + i)));
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
