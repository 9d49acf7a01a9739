package org.elasticreset.cli;

import java.util.OptionalDouble;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.cli.RunConfig.ResetConfig;

/**
 * How much of the average that a reset adopts is still the initial policy: decay to the power of
 * the updates since the last reset. A decay alone says nothing about it.
 */
final class InitialShare {
  private InitialShare() {}

  /** At a reset of a fixed interval; empty where none is fixed. */
  static OptionalDouble atReset(RunConfig config) {
    return config.reset().trigger() == ResetConfig.Trigger.EVERY_N_UPDATES
        ? OptionalDouble.of(
            new ExponentialAverage(config.ema().decay()).initialShare(updatesAtReset(config)))
        : OptionalDouble.empty();
  }

  /** What the run does with its average, in words. */
  static String sentence(RunConfig config) {
    return config.deliver() == RunConfig.Deliver.AVERAGE
        ? resets(config) + "; evaluated and handed over is the average"
        : resets(config);
  }

  private static String resets(RunConfig config) {
    String cadence = Settings.kebab(config.ema().updateEvery().name()).replace('-', ' ');
    String average =
        RunProgress.format("average: decay %s at every %s", config.ema().decay(), cadence);
    if (config.reset().trigger() == ResetConfig.Trigger.EVERY_N_UPDATES) {
      return RunProgress.format(
          "%s, reset every %d updates: then %.1f %% of it is the initial policy",
          average, updatesAtReset(config), 100 * atReset(config).orElseThrow());
    }
    return average
        + ", reset: "
        + Settings.kebab(config.reset().trigger().name()).replace('-', ' ');
  }

  /** Whether a fixed interval ends with that step. */
  static boolean resetsBehindStep(RunConfig config, int step) {
    return config.reset().trigger() == ResetConfig.Trigger.EVERY_N_UPDATES
        && (long) step * updatesOfStep(config) % updatesAtReset(config) == 0;
  }

  /** A reset never falls inside a training step: it waits for the last update of one. */
  private static int updatesAtReset(RunConfig config) {
    int ofStep = updatesOfStep(config);
    return (config.reset().every() + ofStep - 1) / ofStep * ofStep;
  }

  private static int updatesOfStep(RunConfig config) {
    return switch (config.ema().updateEvery()) {
      case TRAINING_STEP -> 1;
      case PPO_EPOCH -> config.ppo().epochs();
      case OPTIMIZER_STEP ->
          config.ppo().epochs() * (config.rollout().perStep() / config.ppo().minibatchSize());
    };
  }
}
