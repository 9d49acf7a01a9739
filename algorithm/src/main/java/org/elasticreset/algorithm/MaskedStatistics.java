package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;

/**
 * Statistics over the tokens of a batch whose responses have different lengths: a list of [T_i]. A
 * ragged list needs no mask, so padding cannot leak in.
 */
public final class MaskedStatistics {
  /** Keeps whitening finite where all values are equal; as in PPO's common implementations. */
  static final double EPSILON = 1e-8;

  private MaskedStatistics() {}

  /**
   * Mean over all tokens, accumulated in double precision.
   *
   * @throws IllegalArgumentException if there is no token
   */
  public static double mean(List<float[]> rows) {
    double sum = 0;
    for (float[] row : rows) {
      for (float value : row) {
        sum += value;
      }
    }
    return sum / count(rows);
  }

  /**
   * Unbiased variance over all tokens (the sum of squares divided by count − 1); 0 for one token.
   *
   * @throws IllegalArgumentException if there is no token
   */
  public static double variance(List<float[]> rows) {
    double mean = mean(rows);
    double squares = 0;
    for (float[] row : rows) {
      for (float value : row) {
        squares += (value - mean) * (value - mean);
      }
    }
    return squares / Math.max(1, count(rows) - 1);
  }

  /**
   * The values shifted and scaled to mean 0 and variance 1 over the whole batch; new arrays of the
   * same shapes. Equal values become 0.
   *
   * @throws IllegalArgumentException if there is no token
   */
  public static List<float[]> whiten(List<float[]> rows) {
    double mean = mean(rows);
    double deviation = Math.sqrt(variance(rows) + EPSILON);
    List<float[]> whitened = new ArrayList<>(rows.size());
    for (float[] row : rows) {
      float[] scaled = new float[row.length];
      for (int t = 0; t < row.length; t++) {
        scaled[t] = (float) ((row[t] - mean) / deviation);
      }
      whitened.add(scaled);
    }
    return whitened;
  }

  private static long count(List<float[]> rows) {
    long count = 0;
    for (float[] row : rows) {
      count += row.length;
    }
    Require.that(count > 0, "rows", "no token", "at least one token");
    return count;
  }
}
