package org.elasticreset.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One way to train, over several seeds.
 *
 * @param name as the user wrote it
 * @param curves one a seed, by rising seed
 */
public record Arm(String name, List<Curve> curves) {
  /**
   * Validates, and sorts by seed.
   *
   * @throws IllegalArgumentException if the name is blank, there is no curve, or two have one seed
   */
  public Arm {
    Require.notBlank("name", name);
    curves = curves.stream().sorted(Comparator.comparingLong(Curve::seed)).toList();
    Require.that(!curves.isEmpty(), "curves", "none", "at least one seed");
    for (int i = 1; i < curves.size(); i++) {
      long seed = curves.get(i).seed();
      Require.that(curves.get(i - 1).seed() != seed, "seed", seed, "once in arm " + name);
    }
  }

  /** The run of a seed, if there is one. */
  public Optional<Curve> curve(long seed) {
    return curves.stream().filter(curve -> curve.seed() == seed).findFirst();
  }

  /** The median over the seeds of the largest drift that a run reached. */
  public double medianReach() {
    double[] sorted = curves.stream().mapToDouble(Curve::reach).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
