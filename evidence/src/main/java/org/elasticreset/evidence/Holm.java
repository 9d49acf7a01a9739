package org.elasticreset.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction (A simple sequentially rejective multiple test procedure, Scandinavian Journal
 * of Statistics 6, 1979): the chance of one false claim among all arms stays below the stated one,
 * whatever the dependence between them. Arms share a baseline, so they do depend.
 */
public final class Holm {
  private Holm() {}

  /**
   * Adjusted p-values, in the order given: the i-th smallest of m, times m − i + 1, and never below
   * that of a smaller one.
   *
   * @param pValues 0 to 1
   */
  public static double[] adjusted(double[] pValues) {
    int count = pValues.length;
    for (double p : pValues) {
      Require.that(0 <= p && p <= 1, "p-value", p, "0 <= p <= 1");
    }
    List<Integer> order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .toList();
    double[] adjusted = new double[count];
    double largest = 0;
    for (int rank = 0; rank < count; rank++) {
      int i = order.get(rank);
      largest = Math.max(largest, Math.min(1, (count - rank) * pValues[i]));
      adjusted[i] = largest;
    }
    return adjusted;
  }
}
