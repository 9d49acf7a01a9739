package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.List;

/** Runs for tests. */
final class Curves {
  private Curves() {}

  /** Evaluated at steps 0, 1, 2, …. */
  static Curve curve(long seed, double[] drifts, double[] rewards) {
    List<EvaluationPoint> points = new ArrayList<>();
    for (int i = 0; i < drifts.length; i++) {
      points.add(new EvaluationPoint(i, drifts[i], rewards[i]));
    }
    return new Curve(seed, points);
  }

  /** Runs that go straight from (0, 0.5) to (reach, 0.5 + gain); seeds from 1. */
  static Arm straight(String name, double reach, double... gains) {
    List<Curve> curves = new ArrayList<>();
    for (int i = 0; i < gains.length; i++) {
      curves.add(curve(i + 1, new double[] {0, reach}, new double[] {0.5, 0.5 + gains[i]}));
    }
    return new Arm(name, curves);
  }
}
