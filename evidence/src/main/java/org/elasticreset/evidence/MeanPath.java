package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The path of an arm through drift and reward as it trains: mean and standard error over its seeds
 * at each evaluated step.
 *
 * @param arm its name
 * @param points by rising step; steps that not every seed was evaluated at are left out
 */
public record MeanPath(String arm, List<Point> points) {
  /**
   * The arm at one step.
   *
   * @param drift mean over the seeds
   * @param driftError standard error of that mean: sample deviation over √seeds; NaN for one seed
   * @param reward mean over the seeds
   * @param rewardError standard error of that mean; NaN for one seed
   */
  public record Point(
      int step, double drift, double driftError, double reward, double rewardError) {}

  /** Copies. */
  public MeanPath {
    points = List.copyOf(points);
  }

  /** The path of an arm. */
  public static MeanPath of(Arm arm) {
    TreeMap<Integer, List<EvaluationPoint>> bySteps = new TreeMap<>();
    for (Curve curve : arm.curves()) {
      for (EvaluationPoint point : curve.points()) {
        bySteps.computeIfAbsent(point.step(), step -> new ArrayList<>()).add(point);
      }
    }
    List<Point> points = new ArrayList<>();
    bySteps.forEach(
        (step, ofSeeds) -> {
          if (ofSeeds.size() == arm.curves().size()) {
            Sample drift =
                new Sample(ofSeeds.stream().mapToDouble(EvaluationPoint::drift).toArray());
            Sample reward =
                new Sample(ofSeeds.stream().mapToDouble(EvaluationPoint::reward).toArray());
            points.add(
                new Point(
                    step,
                    drift.mean(),
                    drift.standardError(),
                    reward.mean(),
                    reward.standardError()));
          }
        });
    return new MeanPath(arm.name(), points);
  }
}
