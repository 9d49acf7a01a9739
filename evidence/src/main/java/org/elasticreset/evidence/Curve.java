package org.elasticreset.evidence;

import java.util.List;

/**
 * The evaluations of one run, in the order of its steps.
 *
 * @param seed of the run; runs of several arms are paired by it
 * @param points one or more, by rising step
 */
public record Curve(long seed, List<EvaluationPoint> points) {
  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if there is no point, or steps do not rise
   */
  public Curve {
    points = List.copyOf(points);
    Require.that(!points.isEmpty(), "points", "none", "at least one evaluation");
    for (int i = 1; i < points.size(); i++) {
      int before = points.get(i - 1).step();
      int step = points.get(i).step();
      Require.that(before < step, "step", step, "more than " + before + ", the one before");
    }
  }

  /** The largest drift that was measured. */
  public double reach() {
    return points.stream().mapToDouble(EvaluationPoint::drift).max().orElseThrow();
  }

  /** The last evaluation. */
  public EvaluationPoint last() {
    return points.get(points.size() - 1);
  }
}
