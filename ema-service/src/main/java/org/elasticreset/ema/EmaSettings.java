package org.elasticreset.ema;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.MarginalValue;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.algorithm.RewardPlateau;

/**
 * The configuration, checked and in the types of the algorithm.
 *
 * @param triggerName the trigger as it is configured: {@code every-n-updates}
 * @param keepVersions newest versions that may be fetched
 * @param serveAverages whether the averages behind them may be, too
 */
record EmaSettings(
    String runId,
    ExponentialAverage average,
    ElasticReset elasticReset,
    String triggerName,
    int keepVersions,
    boolean serveAverages,
    Path directory,
    long maxPolicyBytes) {

  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  EmaSettings {
    if (!RUN_ID.matcher(runId).matches()) {
      throw new IllegalArgumentException(
          "ema.run-id: %s (expected: 1 to 200 letters, digits, '.', '_' or '-')".formatted(runId));
    }
    if (keepVersions < 1) {
      throw new IllegalArgumentException(
          "ema.keep-versions: %d (expected: at least 1)".formatted(keepVersions));
    }
    if (maxPolicyBytes < Float.BYTES) {
      throw new IllegalArgumentException(
          "ema.max-policy-bytes: %d (expected: at least the 4 of a float32)"
              .formatted(maxPolicyBytes));
    }
  }

  static EmaSettings of(EmaConfig config) {
    return new EmaSettings(
        config.runId(),
        average(config.decay()),
        elasticReset(config),
        config.reset().trigger().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        config.keepVersions(),
        config.serveAverages(),
        config.directory(),
        config.maxPolicyBytes());
  }

  /** What decay and trigger mean together, for the log. */
  String meaning() {
    long updates =
        elasticReset.trigger() instanceof ResetTrigger.EveryNUpdates every ? every.n() : 100;
    return String.format(
        Locale.ROOT,
        "decay=%s trigger=\"%s\" to=%s updates=%d initial_share=%.1f%%",
        average.decay(),
        elasticReset.trigger().description(),
        elasticReset.to().name().toLowerCase(Locale.ROOT),
        updates,
        100 * average.initialShare(updates));
  }

  private static ExponentialAverage average(double decay) {
    if (!(0 < decay && decay < 1)) {
      throw new IllegalArgumentException("ema.decay: " + decay + " (expected: 0 < decay < 1)");
    }
    return new ExponentialAverage(decay);
  }

  private static ElasticReset elasticReset(EmaConfig config) {
    EmaConfig.Reset reset = config.reset();
    if (reset.approvals() < 0) {
      throw new IllegalArgumentException(
          "ema.reset.approvals: %d (expected: at least 0)".formatted(reset.approvals()));
    }
    if (reset.trigger() == EmaConfig.Trigger.MARGINAL_VALUE && reset.to() == ResetTarget.INITIAL) {
      throw new IllegalArgumentException(
          "ema.reset.to: initial (expected: average, for marginal-value weighs what a reset"
              + " keeps)");
    }
    return new ElasticReset(trigger(reset, config.decay()), reset.approvals(), reset.to());
  }

  private static ResetTrigger trigger(EmaConfig.Reset reset, double decay) {
    return switch (reset.trigger()) {
      case EVERY_N_UPDATES -> {
        int every =
            reset
                .every()
                .orElseThrow(() -> missing("ema.reset.every", "at least 1, for every-n-updates"));
        if (every < 1) {
          throw new IllegalArgumentException(
              "ema.reset.every: %d (expected: at least 1)".formatted(every));
        }
        yield new ResetTrigger.EveryNUpdates(every);
      }
      case DRIFT_BUDGET -> {
        double nats =
            reset
                .driftBudgetNats()
                .orElseThrow(
                    () -> missing("ema.reset.drift-budget-nats", "above 0, for drift-budget"));
        if (!(0 < nats && nats < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "ema.reset.drift-budget-nats: %s (expected: above 0)".formatted(nats));
        }
        double rearm = reset.rearmBelowNats().orElse(nats);
        if (!(0 < rearm && rearm <= nats)) {
          throw new IllegalArgumentException(
              "ema.reset.rearm-below-nats: %s (expected: above 0 and at most %s, the budget)"
                  .formatted(rearm, nats));
        }
        yield new ResetTrigger.DriftBudget(nats, rearm);
      }
      case REWARD_PLATEAU -> {
        double gain =
            reset
                .plateauGainPerNat()
                .orElseThrow(
                    () ->
                        missing("ema.reset.plateau-gain-per-nat", "a number, for reward-plateau"));
        if (!Double.isFinite(gain)) {
          throw new IllegalArgumentException(
              "ema.reset.plateau-gain-per-nat: %s (expected: a finite number)".formatted(gain));
        }
        int window = reset.plateauWindow();
        if (window < 4 || window % 2 != 0) {
          throw new IllegalArgumentException(
              "ema.reset.plateau-window: %d (expected: an even number, at least 4)"
                  .formatted(window));
        }
        yield new RewardPlateau(window, gain);
      }
      case MARGINAL_VALUE -> new MarginalValue(decay);
      case ON_REQUEST -> new ResetTrigger.OnRequest();
    };
  }

  private static IllegalArgumentException missing(String key, String expected) {
    return new IllegalArgumentException(key + ": none (expected: " + expected + ")");
  }
}
