package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.Precision;

/** What a simulated policy cannot stand beside: a real model, and what needs one. */
final class SimulatedConfigCheck {

  private static final String WHY = "absent, where learner.simulated.parameters is set";

  private final List<String> problems = new ArrayList<>();

  private SimulatedConfigCheck() {}

  /** Everything that is wrong; empty if nothing is. */
  static List<String> problems(LearnerConfig config, SimulatedConfig simulated) {
    SimulatedConfigCheck check = new SimulatedConfigCheck();
    check.expect(
        config.model().equals(SimulatedConfig.MODEL),
        "model",
        config.model(),
        SimulatedConfig.MODEL + ", where learner.simulated.parameters is set");
    check.absent("lora.rank", config.lora().isPresent());
    check.absent("iterated-learning.every", config.iteratedLearning().isPresent());
    check.absent("nlpo.top-p", config.nlpo().isPresent());
    check.absent("sender.run-id", config.sender().isPresent());
    check.absent("rehearsal.texts", config.rehearsal().isPresent());
    check.absent("evaluation.human-text", config.evaluation().humanText().isPresent());
    check.absent("pull-to-initial", config.pullToInitial() > 0);
    check.expect(
        config.precision() == Precision.FLOAT32,
        "precision",
        config.precision(),
        "float32, where learner.simulated.parameters is set");
    check.expect(
        simulated.parameters() >= 1, "simulated.parameters", simulated.parameters(), "at least 1");
    check.read(simulated::optimizerStepTimes);
    check.read(simulated::evaluationTimes);
    return List.copyOf(check.problems);
  }

  private void absent(String key, boolean present) {
    expect(!present, key, "set", WHY);
  }

  private void read(Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
  }

  private void expect(boolean holds, String key, Object value, String expectation) {
    if (!holds) {
      problems.add("learner." + key + ": " + value + " (expected: " + expectation + ")");
    }
  }
}
