package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The Pareto front of one run: its policies that no other of its policies beats in both drift and
 * reward. By rising drift, reward rises, too.
 *
 * <p>A front takes the best of noisy evaluations, so its height is somewhat too large, and the more
 * so the more evaluations there are. Compare arms that were evaluated equally often.
 */
public record Front(List<EvaluationPoint> points) {
  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if there is no point, or drift and reward do not both rise
   */
  public Front {
    points = List.copyOf(points);
    Require.that(!points.isEmpty(), "points", "none", "at least one");
    for (int i = 1; i < points.size(); i++) {
      EvaluationPoint before = points.get(i - 1);
      EvaluationPoint point = points.get(i);
      Require.that(
          before.drift() < point.drift() && before.reward() < point.reward(),
          "point",
          point,
          "more drift and more reward than " + before);
    }
  }

  /** The front of a run. Of two policies that are equal in both figures the earlier stays. */
  public static Front of(Curve curve) {
    Comparator<EvaluationPoint> byDrift = Comparator.comparingDouble(EvaluationPoint::drift);
    List<EvaluationPoint> sorted =
        curve.points().stream()
            .sorted(
                byDrift
                    .thenComparing(Comparator.comparingDouble(EvaluationPoint::reward).reversed())
                    .thenComparingInt(EvaluationPoint::step))
            .toList();
    List<EvaluationPoint> front = new ArrayList<>();
    for (EvaluationPoint point : sorted) {
      if (front.isEmpty() || point.reward() > front.get(front.size() - 1).reward()) {
        front.add(point);
      }
    }
    return new Front(front);
  }

  /**
   * The best reward that this run offers at no more than so much drift.
   *
   * <p>Beyond its last point a front is flat: whoever may drift further need not. Before its first
   * point there is no policy, and no answer.
   */
  public OptionalDouble rewardAt(double drift, Interpolation interpolation) {
    Require.finite("drift", drift);
    int below = -1;
    while (below + 1 < points.size() && points.get(below + 1).drift() <= drift) {
      below++;
    }
    if (below < 0) {
      return OptionalDouble.empty();
    }
    EvaluationPoint left = points.get(below);
    if (below == points.size() - 1 || interpolation == Interpolation.STAIR) {
      return OptionalDouble.of(left.reward());
    }
    EvaluationPoint right = points.get(below + 1);
    double share = (drift - left.drift()) / (right.drift() - left.drift());
    return OptionalDouble.of(left.reward() + share * (right.reward() - left.reward()));
  }

  /**
   * The area under the front, divided by the width of the range: the mean, over all limits of drift
   * in the range, of the best reward within the limit; in units of reward.
   *
   * <p>With {@link Interpolation#STAIR} it is the hypervolume of the front (Zitzler and Thiele,
   * Multiobjective evolutionary algorithms, IEEE Transactions on Evolutionary Computation 3(4),
   * 1999) with its reference at reward 0 and the range's limit, as a mean height. With {@link
   * Interpolation#LINEAR} it is that of the front and the mixtures of its neighbours.
   *
   * @return empty if the front begins only within the range
   */
  public OptionalDouble area(DriftRange range, Interpolation interpolation) {
    OptionalDouble start = rewardAt(range.from(), interpolation);
    if (start.isEmpty()) {
      return start;
    }
    double area = 0;
    double left = range.from();
    double height = start.getAsDouble();
    for (EvaluationPoint point : points) {
      if (point.drift() > left && point.drift() < range.upTo()) {
        double rise = interpolation == Interpolation.STAIR ? 0 : point.reward() - height;
        area += (point.drift() - left) * (height + rise / 2);
        left = point.drift();
        height = point.reward();
      }
    }
    double end = rewardAt(range.upTo(), interpolation).orElseThrow();
    double rise = interpolation == Interpolation.STAIR ? 0 : end - height;
    area += (range.upTo() - left) * (height + rise / 2);
    return OptionalDouble.of(area / (range.upTo() - range.from()));
  }
}
