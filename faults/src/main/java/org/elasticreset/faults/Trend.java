package org.elasticreset.faults;

import java.util.Arrays;

/**
 * How a figure changed over time, unmoved by outliers.
 *
 * @param growth of the straight line through the points (the median of all slopes between two of
 *     them, Theil 1950, Sen 1968), from the first to the last point
 */
record Trend(double median, double growth) {

  /** Of a figure at equal distances in time. */
  static Trend of(double[] values) {
    int n = values.length;
    double[] slopes = new double[n * (n - 1) / 2];
    int next = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[next++] = (values[j] - values[i]) / (j - i);
      }
    }
    return new Trend(median(values), slopes.length == 0 ? 0 : median(slopes) * (n - 1));
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
