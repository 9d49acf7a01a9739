package org.elasticreset.cli;

import org.elasticreset.cli.RunConfig.Deliver;
import org.elasticreset.cli.RunConfig.ResetConfig;
import org.elasticreset.cli.RunConfig.ResetConfig.Trigger;
import org.jspecify.annotations.Nullable;

/** Settings of resets that do not go together. */
final class ResetPreflight {
  private ResetPreflight() {}

  static void check(RunConfig config) {
    ResetConfig reset = config.reset();
    requireWith(
        reset,
        Trigger.DRIFT_BUDGET,
        "drift-budget-nats",
        reset.driftBudgetNats(),
        "drift-budget-nats > 0");
    requireWith(
        reset,
        Trigger.REWARD_PLATEAU,
        "plateau-gain-per-nat",
        reset.plateauGainPerNat(),
        "plateau-gain-per-nat >= 0");
    if (reset.rearmBelowNats() != null
        && (reset.driftBudgetNats() == null || reset.rearmBelowNats() > reset.driftBudgetNats())) {
      throw InvalidInputException.of(
          "reset.rearm-below-nats", reset.rearmBelowNats(), "at most reset.drift-budget-nats");
    }
    if (reset.plateauWindow() % 2 != 0) {
      throw InvalidInputException.of(
          "reset.plateau-window", reset.plateauWindow(), "an even number, at least 4");
    }
    if (reset.trigger() == Trigger.MARGINAL_VALUE) {
      checkMarginalValue(config);
    }
    if (config.deliver() == Deliver.AVERAGE
        && reset.approvals() == 0
        && InitialShare.resetsBehindStep(config, config.steps())) {
      throw InvalidInputException.of(
          "deliver",
          "average",
          "policy, or steps that do not end with a reset: behind one the average is the initial"
              + " policy");
    }
  }

  private static void checkMarginalValue(RunConfig config) {
    if (config.reset().to() == ResetConfig.To.INITIAL) {
      throw InvalidInputException.of(
          "reset.to", "initial", "average; marginal-value weighs what a reset keeps");
    }
    if (config.deliver() == Deliver.AVERAGE) {
      throw InvalidInputException.of(
          "deliver", "average", "policy, which marginal-value has to see evaluated");
    }
    // The fourth evaluation, that of step 0 included, is the first that may lead to a reset.
    if (3L * config.evaluation().every() >= config.steps()) {
      throw InvalidInputException.of(
          "evaluation.every",
          config.evaluation().every(),
          "less than a third of steps, %d, as marginal-value decides on evaluations"
              .formatted(config.steps()));
    }
  }

  private static void requireWith(
      ResetConfig reset, Trigger trigger, String key, @Nullable Double value, String expected) {
    if (reset.trigger() == trigger && value == null) {
      throw InvalidInputException.of(
          "reset." + key,
          "missing",
          expected + ", since reset.trigger is " + Settings.kebab(trigger.name()));
    }
  }
}
