package org.elasticreset.learner;

import java.util.Optional;
import org.elasticreset.proto.v1.StepMetrics;

/**
 * What holds the policy back besides its objective: terms of the loss whose gradients enter every
 * optimizer step, whichever objective that is of and whether resets are on or off.
 *
 * <pre>
 *   loss = objective + rehearsal.coefficient · CE(human text) + pull-to-initial · ‖θ − θ₀‖²
 * </pre>
 */
final class Regularisers {

  private final TrainedPolicy policy;
  private final Optional<Rehearsal> rehearsal;
  private final double rehearsalCoefficient;
  private final double pullToInitial;

  Regularisers(LearnerConfig config, TrainedPolicy policy) {
    this.policy = policy;
    this.rehearsal = config.rehearsal().map(settings -> rehearsal(config, settings, policy));
    this.rehearsalCoefficient = config.rehearsal().map(RehearsalConfig::coefficient).orElse(0.0);
    this.pullToInitial = config.pullToInitial();
  }

  private static Rehearsal rehearsal(
      LearnerConfig config, RehearsalConfig settings, TrainedPolicy policy) {
    return new Rehearsal(
        TextLines.read("rehearsal.texts", settings.texts()).stream().map(policy::tokens).toList(),
        config.sampling().maxPromptTokens() + config.sampling().maxNewTokens(),
        settings.batchSize(),
        new Seeds(config.seed()));
  }

  /** Those of a training step. */
  OfStep of(long step) {
    return new OfStep(step);
  }

  /** The terms of one training step, and what is told of them. */
  final class OfStep {

    private final long step;
    private double rehearsalLosses;
    private double distances;
    private int optimizerSteps;

    private OfStep(long step) {
      this.step = step;
    }

    /** Adds their gradients to that of the optimizer step that comes next. */
    void addGradients(int epoch, int minibatch) {
      optimizerSteps++;
      rehearsal.ifPresent(
          texts ->
              rehearsalLosses +=
                  policy.rehearse(texts.texts(step, epoch, minibatch), rehearsalCoefficient));
      if (pullToInitial > 0) {
        distances += policy.pullToInitial(pullToInitial);
      }
    }

    /** Their figures, where they are on: means over the optimizer steps. */
    void report(StepMetrics.Builder metrics) {
      if (rehearsal.isPresent()) {
        metrics.setRehearsalLoss(rehearsalLosses / optimizerSteps);
      }
      if (pullToInitial > 0) {
        metrics.setDistanceToInitial(distances / optimizerSteps);
      }
    }
  }
}
