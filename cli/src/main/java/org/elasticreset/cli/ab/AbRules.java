package org.elasticreset.cli.ab;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.elasticreset.evidence.AbPlan;

/**
 * How an experiment goes, fixed before it starts.
 *
 * @param name of the experiment; salts the split
 * @param shares of B, stage by stage, rising
 * @param stageMinimum units of B that a stage must have brought before the next one begins
 * @param plan of the test
 * @param judged whether the judge's score is the metric, so that no outcome is waited for
 * @param lowerIsBetter whether less of the metric is more
 * @param absent what an answer without an outcome counts as; empty: it is left out of the metric
 * @param outcomeWindow after an answer; outcomes that come later are late
 * @param answerTimeout after a request; one that is answered later is not counted
 * @param limit of counted units; then the experiment ends undecided
 */
public record AbRules(
    String name,
    List<Double> shares,
    long stageMinimum,
    AbPlan plan,
    boolean judged,
    boolean lowerIsBetter,
    OptionalDouble absent,
    Duration outcomeWindow,
    Duration answerTimeout,
    OptionalLong limit) {

  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if shares do not rise between 0 and 1
   */
  public AbRules {
    shares = List.copyOf(shares);
    double before = 0;
    for (double share : shares) {
      if (!(before < share && share < 1)) {
        throw new IllegalArgumentException(
            "stages: " + shares + " (expected: shares of B that rise between 0 and 1)");
      }
      before = share;
    }
    if (shares.isEmpty() || stageMinimum < 1) {
      throw new IllegalArgumentException(
          "stage-minimum: %d of %d stages (expected: at least 1 of each)"
              .formatted(stageMinimum, shares.size()));
    }
  }

  int lastStage() {
    return shares.size() - 1;
  }

  /** More is better. */
  double directed(double value) {
    return lowerIsBetter ? -value : value;
  }
}
