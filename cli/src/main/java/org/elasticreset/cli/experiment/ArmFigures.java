package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.evidence.Arm;
import org.elasticreset.evidence.Curve;
import org.elasticreset.evidence.EvaluationPoint;

/** The evaluations of runs as the curves that the statistics take. */
final class ArmFigures {
  private ArmFigures() {}

  /**
   * The finished runs of an arm by two of their figures. An evaluation that lacks one of them, or
   * has one that is not finite, is left out.
   *
   * @return empty if no run of the arm has both
   */
  static Optional<Arm> of(String name, List<MeasuredRun> runs, Measure drift, Measure reward) {
    List<Curve> curves = new ArrayList<>();
    for (MeasuredRun run : runs) {
      if (run.arm().equals(name) && run.hasFinished()) {
        List<EvaluationPoint> points = new ArrayList<>();
        for (JsonNode line : run.evaluations()) {
          if (line.path(drift.field()).isNumber() && line.path(reward.field()).isNumber()) {
            points.add(
                new EvaluationPoint(
                    line.path("step").asInt(),
                    line.path(drift.field()).doubleValue(),
                    line.path(reward.field()).doubleValue()));
          }
        }
        if (!points.isEmpty()) {
          curves.add(new Curve(run.seed(), points));
        }
      }
    }
    return curves.isEmpty() ? Optional.empty() : Optional.of(new Arm(name, curves));
  }

  /** A figure over steps: the step is in the place of the drift. */
  static Optional<Arm> overSteps(String name, List<MeasuredRun> runs, Measure figure) {
    return of(name, runs, Measure.even("step", "step", "step", "step", 0), figure);
  }
}
