package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison is made of: the runs by now, and the arms by every reward and drift that was
 * measured.
 *
 * @param experiment what was to be run
 * @param baseline the arm that the others are held against
 */
record ComparedArms(Experiment experiment, String baseline, List<MeasuredRun> runs) {
  ComparedArms {
    runs = List.copyOf(runs);
  }

  /** Reads all runs of an experiment. */
  static ComparedArms read(Experiment experiment, String baseline) {
    return new ComparedArms(
        experiment, baseline, experiment.runs().stream().map(MeasuredRun::read).toList());
  }

  List<String> names() {
    return experiment.arms().stream().map(PlannedArm::name).toList();
  }

  /** The reward that training maximises with KL as the drift first. */
  List<ComparedView> views() {
    List<ComparedView> views = new ArrayList<>();
    for (Measure reward : Measure.REWARDS) {
      for (Measure drift : Measure.DRIFTS) {
        if (views.isEmpty() || (isMeasured(reward) && isMeasured(drift))) {
          Double planned = experiment.verdictAt().get(drift.key());
          views.add(ComparedView.of(names(), baseline, runs, reward, drift, planned));
        }
      }
    }
    return views;
  }

  boolean isMeasured(Measure measure) {
    return runs.stream()
        .flatMap(run -> run.evaluations().stream())
        .anyMatch(line -> line.path(measure.field()).isNumber());
  }

  int finished() {
    return (int) runs.stream().filter(MeasuredRun::hasFinished).count();
  }

  List<MeasuredRun> finishedOf(String arm) {
    return runs.stream().filter(run -> run.arm().equals(arm) && run.hasFinished()).toList();
  }

  List<MeasuredRun> failed() {
    return runs.stream().filter(run -> run.outcome().equals("failed")).toList();
  }

  boolean isComplete() {
    return finished() == runs.size();
  }

  /** The last evaluation of each finished run of an arm. */
  List<JsonNode> lastOf(String arm) {
    return finishedOf(arm).stream()
        .map(MeasuredRun::evaluations)
        .filter(evaluations -> !evaluations.isEmpty())
        .map(evaluations -> evaluations.get(evaluations.size() - 1))
        .toList();
  }

  /**
   * Mean and standard deviation over seeds of a figure at the end; empty if it was not measured.
   */
  Optional<Spread> atEnd(String arm, Measure measure) {
    double[] values =
        lastOf(arm).stream()
            .filter(line -> line.path(measure.field()).isNumber())
            .mapToDouble(line -> line.path(measure.field()).doubleValue())
            .toArray();
    return Spread.of(values);
  }
}
