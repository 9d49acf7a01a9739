package org.elasticreset.rating;

import java.util.List;
import java.util.Optional;

/**
 * What models say of a rollout.
 *
 * @param reward their weighted sum
 * @param byScorer each of them
 * @param judge that nothing is trained on, if there is one
 */
public record ModelScores(double reward, List<Double> byScorer, Optional<Double> judge) {
  /** Copies. */
  public ModelScores {
    byScorer = List.copyOf(byScorer);
  }

  /** The highest less the lowest of the scorers; 0 of fewer than two. */
  double spread() {
    var summary = byScorer.stream().mapToDouble(Double::doubleValue).summaryStatistics();
    return byScorer.size() < 2 ? 0 : summary.getMax() - summary.getMin();
  }
}
