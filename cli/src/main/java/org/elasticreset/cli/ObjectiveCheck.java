package org.elasticreset.cli;

import java.util.Locale;
import org.elasticreset.cli.RunConfig.Algorithm;
import org.elasticreset.cli.RunConfig.KlConfig;

/** Settings of what is maximised that do not go together. */
final class ObjectiveCheck {
  private ObjectiveCheck() {}

  /**
   * Checks.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  static void check(RunConfig config) {
    checkGroups(config);
    checkOwnRollouts(config);
    checkPenalty(config);
  }

  private static void checkGroups(RunConfig config) {
    int samples = config.rollout().samplesPerPrompt();
    boolean compares = config.algorithm() == Algorithm.RLOO || config.algorithm() == Algorithm.GRPO;
    if (compares && samples < 2) {
      throw InvalidInputException.of(
          "rollout.samples-per-prompt",
          samples,
          "samples-per-prompt >= 2, for %s compares responses to the same prompt"
              .formatted(name(config.algorithm())));
    }
    if (config.rollout().perStep() % samples != 0) {
      throw InvalidInputException.of(
          "rollout.per-step",
          config.rollout().perStep(),
          "a multiple of rollout.samples-per-prompt, " + samples);
    }
  }

  /** Behind the first optimizer step of a step, rollouts are another policy's. */
  private static void checkOwnRollouts(RunConfig config) {
    if (config.algorithm() != Algorithm.REINFORCE && config.algorithm() != Algorithm.RLOO) {
      return;
    }
    String why =
        ", for the gradient of %s has no ratio, and is right for rollouts of the policy itself only"
            .formatted(name(config.algorithm()));
    if (config.ppo().epochs() != 1) {
      throw InvalidInputException.of("ppo.epochs", config.ppo().epochs(), "1" + why);
    }
    if (config.ppo().minibatchSize() != config.rollout().perStep()) {
      throw InvalidInputException.of(
          "ppo.minibatch-size",
          config.ppo().minibatchSize(),
          "rollout.per-step, " + config.rollout().perStep() + why);
    }
  }

  private static void checkPenalty(RunConfig config) {
    KlConfig kl = config.kl();
    boolean inLoss =
        kl.in() == null ? config.algorithm() == Algorithm.GRPO : kl.in() == KlConfig.In.LOSS;
    if (inLoss && kl.estimator() == KlConfig.Estimator.K1) {
      throw InvalidInputException.of(
          "kl.estimator",
          "k1",
          "k3 in the loss, where the gradient of k1 pulls nowhere; or kl.in: reward");
    }
  }

  private static String name(Algorithm algorithm) {
    return algorithm.name().toLowerCase(Locale.ROOT);
  }
}
