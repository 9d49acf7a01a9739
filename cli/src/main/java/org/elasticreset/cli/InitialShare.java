package org.elasticreset.cli;

import org.elasticreset.cli.RunConfig.ResetConfig;

/**
 * How much of the average that a reset adopts is still the initial policy: decay to the power of
 * the updates since the last reset. A decay alone says nothing about it.
 */
final class InitialShare {
  private InitialShare() {}

  static double after(double decay, int updates) {
    return Math.pow(decay, updates);
  }

  static String sentence(RunConfig config) {
    String cadence = Settings.kebab(config.ema().updateEvery().name()).replace('-', ' ');
    String average =
        RunProgress.format("average: decay %s at every %s", config.ema().decay(), cadence);
    if (config.reset().trigger() == ResetConfig.Trigger.EVERY_N_UPDATES) {
      return RunProgress.format(
          "%s, reset every %d updates: then %.1f %% of it is the initial policy",
          average,
          config.reset().every(),
          100 * after(config.ema().decay(), config.reset().every()));
    }
    return average
        + ", reset: "
        + Settings.kebab(config.reset().trigger().name()).replace('-', ' ');
  }
}
