package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Distinct-n, Li et al. 2016, arXiv 1510.03055, section 5.2: the different n-grams of a set of
 * responses over all of its n-grams. It falls towards 0 as a policy repeats itself, and it falls
 * with the amount of text: compare only figures over equally many responses of similar length.
 */
public final class DistinctNgrams {
  private DistinctNgrams() {}

  /**
   * Distinct-n over token ids; an n-gram does not cross from one response into another.
   *
   * @param responses each [T_i]
   * @param n length of the n-grams, at least 1
   * @return 0 to 1; 0 where no response has n tokens
   */
  public static double share(List<int[]> responses, int n) {
    Require.that(n >= 1, "n", n, "n >= 1");
    Set<List<Integer>> different = new HashSet<>();
    long all = 0;
    for (int[] response : responses) {
      for (int start = 0; start + n <= response.length; start++) {
        different.add(Arrays.stream(response, start, start + n).boxed().toList());
        all++;
      }
    }
    return (double) different.size() / Math.max(1, all);
  }
}
