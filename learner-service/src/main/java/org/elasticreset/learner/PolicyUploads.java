package org.elasticreset.learner;

import java.util.Optional;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Drift;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.learner.LearnerConfig.UpdateEvery;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.EvaluationFigures;

/**
 * The policy on its way into the average, at the cadence of {@code learner.update-every}. Knows how
 * many updates that average has had since it last was the initial policy.
 */
final class PolicyUploads {

  private final LearnerConfig config;
  private final TrainedPolicy policy;
  private final EmaService emaService;
  private final RunCheckpoints checkpoints;
  private final TrainingProgress progress;

  private ExponentialAverage average = new ExponentialAverage(0.5);
  private long sinceReset;
  private Optional<EvaluationFigures> evaluation = Optional.empty();

  PolicyUploads(
      LearnerConfig config,
      TrainedPolicy policy,
      EmaService emaService,
      RunCheckpoints checkpoints,
      TrainingProgress progress) {
    this.config = config;
    this.policy = policy;
    this.emaService = emaService;
    this.checkpoints = checkpoints;
    this.progress = progress;
  }

  /** The ema-service averages with {@code decay}, and has had that many updates since a reset. */
  void goOn(double decay, long updatesSinceReset) {
    average = new ExponentialAverage(decay);
    sinceReset = updatesSinceReset;
  }

  /** The initial policy, which is no update of the average. */
  Answer initial() throws InterruptedException {
    return upload(new Update(0, true, true, Optional.empty()));
  }

  /** Those of a training step. */
  OfStep of(long step, Optional<Drift> drift) {
    return new OfStep(step, drift);
  }

  /** Tells the ema-service, with the next published update. */
  void evaluated(EvaluationFigures figures) {
    evaluation = Optional.of(figures);
  }

  /** Updates that the average has had since it last was the initial policy. */
  long sinceReset() {
    return sinceReset;
  }

  /** Share of the initial weights that the average still holds. */
  double initialShare() {
    return average.initialShare(sinceReset);
  }

  /** The average is the initial policy again. */
  void wereReset() {
    sinceReset = 0;
  }

  private Answer upload(Update update) throws InterruptedException {
    var notFinite = policy.firstNotFinite();
    if (notFinite.isPresent()) {
      throw new TrainingDivergedException(
          "step %d: a weight of %s is not finite (expected: finite; try a learner.ppo.learning-rate below %s); the update was not uploaded"
              .formatted(update.step(), notFinite.get(), config.ppo().learningRate()));
    }
    if (update.checkpoint() && !ActionMasks.isRenewedBehind(config, update.step())) {
      checkpoints.begin(update.step(), policy);
    }
    Answer answer = emaService.upload(update, policy.weights());
    if (answer instanceof Answer.Reset) {
      checkpoints.takeBack();
    }
    if (!update.publish() && answer instanceof Answer.Reset) {
      throw new EmaServiceException(
          "reset within step " + update.step() + " (expected: resets behind a published update)",
          false);
    }
    return answer;
  }

  /** Uploads of one training step; the last of them is published. */
  final class OfStep implements PpoEpochs.AfterOptimizerStep {

    private final long step;
    private final Optional<Drift> drift;
    private Optional<Answer> answer = Optional.empty();
    private int uploaded;

    private OfStep(long step, Optional<Drift> drift) {
      this.step = step;
      this.drift = drift;
    }

    @Override
    public void afterOptimizerStep(boolean epochEnds, boolean stepEnds)
        throws InterruptedException {
      boolean due =
          switch (config.updateEvery()) {
            case TRAINING_STEP -> stepEnds;
            case PPO_EPOCH -> epochEnds;
            case OPTIMIZER_STEP -> true;
          };
      if (epochEnds && config.updateEvery() != UpdateEvery.OPTIMIZER_STEP) {
        progress.epochEnded();
      }
      if (due) {
        boolean checkpoint =
            stepEnds
                && (step % config.checkpoint().every() == 0
                    || step == config.steps()
                    || ActionMasks.isRenewedBehind(config, step));
        progress.enter(Phase.UPLOADING);
        var told = stepEnds ? evaluation : Optional.<EvaluationFigures>empty();
        answer = Optional.of(upload(new Update(step, stepEnds, checkpoint, drift, told)));
        evaluation = stepEnds ? Optional.empty() : evaluation;
        sinceReset++;
        uploaded++;
        if (!stepEnds) {
          progress.enter(Phase.OPTIMISING); // else what is left of the step is telling of it
        }
      }
    }

    /** What the ema-service said to the published one. */
    Answer lastAnswer() {
      return answer.orElseThrow();
    }

    /** The ema-service takes them back: they never were. */
    void takeBack() throws InterruptedException {
      emaService.takeBack();
      sinceReset -= uploaded;
    }
  }
}
