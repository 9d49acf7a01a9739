package org.elasticreset.learner;

import java.util.OptionalDouble;
import java.util.Set;
import org.elasticreset.algorithm.AdvantageEstimator;
import org.elasticreset.algorithm.GeneralizedAdvantageEstimation;
import org.elasticreset.algorithm.GroupRelative;
import org.elasticreset.algorithm.Imitation;
import org.elasticreset.algorithm.KlCoefficient;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.LeaveOneOut;
import org.elasticreset.algorithm.MovingBaseline;
import org.elasticreset.learner.LearnerConfig.KlIn;
import org.elasticreset.learner.WorkInFlight.CollectedWork;
import org.elasticreset.model.PpoSettings;

/** What a run maximises, as its settings say. */
final class Objective {

  private final LearnerConfig config;
  private final Algorithm algorithm;

  Objective(LearnerConfig config) {
    this.config = config;
    this.algorithm = config.algorithm();
  }

  boolean hasValueHead() {
    return algorithm.hasValueHead();
  }

  /**
   * What responses are compared with.
   *
   * @param baseline where a moving baseline stands; empty at the beginning
   */
  AdvantageEstimator advantages(OptionalDouble baseline) {
    PpoConfig ppo = config.ppo();
    return switch (algorithm) {
      case PPO ->
          new GeneralizedAdvantageEstimation(
              ppo.discount(), ppo.gaeLambda(), ppo.whitenAdvantages());
      case REINFORCE -> new MovingBaseline(config.reinforce().baselineDecay(), baseline);
      case RLOO -> new LeaveOneOut(config.samplesPerPrompt());
      case GRPO -> new GroupRelative(config.samplesPerPrompt());
      case SUPERVISED -> new Imitation();
    };
  }

  /** Where a moving baseline stands; empty for the estimators that keep nothing. */
  static OptionalDouble baseline(AdvantageEstimator advantages) {
    return advantages instanceof MovingBaseline moving ? moving.baseline() : OptionalDouble.empty();
  }

  /** The loss, as yet without a KL penalty. */
  PpoSettings loss() {
    PpoConfig ppo = config.ppo();
    return new PpoSettings(
        algorithm.policyLoss,
        ppo.clipRange(),
        ppo.valueClipRange(),
        hasValueHead() ? ppo.valueCoefficient() : 0,
        0,
        ppo.entropyCoefficient(),
        config.sampling().temperature());
  }

  /** β, which moves if it has a target. */
  KlCoefficient klCoefficient(double value) {
    LearnerConfig.Kl kl = config.kl();
    return kl.target().isPresent()
        ? new KlCoefficient.Adaptive(value, kl.target().getAsDouble(), kl.horizon())
        : new KlCoefficient.Fixed(kl.coefficient());
  }

  /** How much of β stands in the reward. */
  double inReward(double klCoefficient) {
    return klIn() == KlIn.REWARD ? klCoefficient : 0;
  }

  /** How much of β stands in the loss. */
  double inLoss(double klCoefficient) {
    return klIn() == KlIn.LOSS ? klCoefficient : 0;
  }

  /** Where the penalty stands: as the papers have it, unless it is set. */
  KlIn klIn() {
    return config.kl().in().orElse(algorithm == Algorithm.GRPO ? KlIn.LOSS : KlIn.REWARD);
  }

  /** How the penalty estimates the divergence of a token. */
  KlEstimator klEstimator() {
    return config.kl().estimator().orElse(klIn() == KlIn.LOSS ? KlEstimator.K3 : KlEstimator.K1);
  }

  /**
   * Ids of the rollouts whose advantages are to be weighted by how likely the policy as it is now
   * is to draw their tokens: those from before a reset, and where the gradient has no ratio to the
   * policy that drew them, all that are not its own.
   */
  Set<String> toWeigh(CollectedWork work) {
    return algorithm.needsOwnTokens() ? work.fromOlderPolicy() : work.fromEarlierEpoch();
  }
}
