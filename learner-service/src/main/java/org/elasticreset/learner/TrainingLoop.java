package org.elasticreset.learner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.Admission;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.KlCoefficient;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Drift;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.learner.WorkInFlight.CollectedWork;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.StepMetrics;
import org.jboss.logging.Logger;

/**
 * The training of a run, top to bottom, on one thread: Elastic Reset (Noukhovitch et al. 2023,
 * arXiv 2312.07551, algorithm 1) around PPO (Schulman et al. 2017, arXiv 1707.06347).
 *
 * <p>Training is the same whether resets are on or off: the ema-service alone decides, and the loop
 * does what its answer says.
 */
final class TrainingLoop {

  private static final Logger LOG = Logger.getLogger(TrainingLoop.class);

  private final LearnerConfig config;
  private final TrainedPolicy policy;
  private final EmaService emaService;
  private final WorkOrders orders;
  private final WorkInFlight inFlight;
  private final Outbox outbox;
  private final TrainingProgress progress;
  private final Clock clock;
  private final TrainingEvents events;
  private final Admission admission;
  private final PpoSamples ppoSamples;
  private final PpoEpochs ppoEpochs;
  private final boolean truncatedSampling;

  private KlCoefficient klCoefficient;
  private PolicyStamp newest = new PolicyStamp(0, 0);
  private long admittedStep;
  private long updatesSinceReset;
  private Instant stepBegan = Instant.MIN;

  TrainingLoop(
      LearnerConfig config,
      TrainedPolicy policy,
      EmaService emaService,
      WorkOrders orders,
      Inbox inbox,
      Outbox outbox,
      TrainingProgress progress,
      Clock clock) {
    Seeds seeds = new Seeds(config.seed());
    this.config = config;
    this.policy = policy;
    this.emaService = emaService;
    this.orders = orders;
    this.inFlight = new WorkInFlight(inbox, outbox, config.reissueAfter(), config.earlierEpoch());
    this.outbox = outbox;
    this.progress = progress;
    this.clock = clock;
    this.events = new TrainingEvents(config.runId(), clock);
    this.admission = new Admission(config.maxStaleness());
    this.ppoSamples = new PpoSamples(config.ppo(), config.kl().estimator());
    this.ppoEpochs = new PpoEpochs(policy, config.ppo(), seeds);
    this.truncatedSampling = config.sampling().topK() > 0 || config.sampling().topP() < 1;
    this.klCoefficient = klCoefficient(config.kl());
  }

  /** Trains the policy for all the steps of the run, and saves it. */
  void run() throws InterruptedException {
    progress.enter(Phase.UPLOADING);
    ExponentialAverage average = new ExponentialAverage(emaService.open(policy.weights()).decay());
    Answer initial = upload(new Update(0, true, Optional.empty()));
    publish(0, initial.newest());
    evaluateIfDue(0);

    for (long step = 1; step <= config.steps(); step++) {
      stepBegan = clock.instant();
      progress.enter(Phase.WAITING);
      CollectedWork work = inFlight.await(Purpose.TRAINING);

      progress.enter(Phase.EVALUATING);
      MeasuredRollouts measured = MeasuredRollouts.of(work.rollouts(), policy, truncatedSampling);
      List<PpoSample> samples =
          ppoSamples.of(measured, klCoefficient.value(), work.fromEarlierEpoch());
      progress.trainedFromEarlierEpoch(work.fromEarlierEpoch().size());

      Drift drift = new Drift(measured.klToInitial().nats(), measured.rewardMean());
      // Rollouts from before a reset tell of the policy that the reset left: no ground for another.
      boolean ofThisEpoch = work.fromEarlierEpoch().isEmpty();
      UploadCadence uploads =
          new UploadCadence(
              new Update(step, true, ofThisEpoch ? Optional.of(drift) : Optional.empty()));
      progress.enter(Phase.OPTIMISING);
      PpoStatistics statistics = ppoEpochs.run(step, samples, uploads);

      double initialShare = average.initialShare(updatesSinceReset);
      StepMetrics metrics = stepMetrics(work, measured, statistics, initialShare);
      klCoefficient = klCoefficient.next(drift.klToInitialNats(), measured.size());
      obey(step, uploads.lastAnswer(), metrics);
      evaluateIfDue(step);
    }

    progress.enter(Phase.ENDED);
    policy.save(config.output());
    outbox.report(events.runEnded(config.steps(), newest, config.output().toString()));
    LOG.infof("run ended step=%d version=%d", config.steps(), newest.version());
  }

  /** Reports the step, adopts what a reset asks for, and starts what the new version allows. */
  private void obey(long step, Answer answer, StepMetrics metrics) {
    if (answer instanceof Answer.Reset reset) {
      // The step's own policy was never published: its event names the version before.
      report(step, newest, metrics);
      if (config.onReset().clearOptimizer()) {
        policy.clearOptimizer();
      }
      if (config.onReset().clearValueHead()) {
        policy.clearValueHead();
      }
      outbox.report(
          events.reset(
              step,
              reset.newest(),
              ResetEvent.newBuilder()
                  .setReason(reset.reason())
                  .setUpdatesSinceReset(updatesSinceReset)
                  .setInitialShare(metrics.getInitialShare())
                  .build()));
      LOG.infof(
          "policy reset step=%d version=%d epoch=%d reason=\"%s\"",
          step, reset.newest().version(), reset.newest().resetEpoch(), reset.reason());
      updatesSinceReset = 0;
    } else {
      report(step, answer.newest(), metrics);
    }
    publish(step, answer.newest());
  }

  private void report(long step, PolicyStamp policyAfter, StepMetrics metrics) {
    progress.stepDone(step, metrics.getRewardMean(), metrics.getKlToInitialNats());
    progress.dropped(metrics.getDroppedMap());
    outbox.report(events.step(step, policyAfter, metrics));
    LOG.infof(
        "step done step=%d reward=%.4f kl=%.4f version=%d tokens_per_second=%.0f",
        step,
        metrics.getRewardMean(),
        metrics.getKlToInitialNats(),
        policyAfter.version(),
        metrics.getTokensPerSecond());
  }

  /** Issues what the policy of that step is to generate: its evaluation first, then training. */
  private void publish(long step, PolicyStamp policyOfStep) {
    newest = policyOfStep;
    progress.published(newest);
    inFlight.trainingContinuesWith(newest);
    if (isEvaluationDue(step)) {
      inFlight.issue(step, orders.evaluation(step, newest.version()));
    }
    long admissible = Math.min(config.steps(), admission.newestAdmissible(step));
    while (admittedStep < admissible) {
      admittedStep++;
      List<PromptBatch> batches = orders.training(admittedStep, newest.version());
      inFlight.issue(admittedStep, batches);
    }
  }

  private boolean isEvaluationDue(long step) {
    return orders.hasEvaluation()
        && (step % config.evaluation().every() == 0 || step == config.steps());
  }

  /** Measures the newest policy on held-out prompts; nothing of it reaches training. */
  private void evaluateIfDue(long step) throws InterruptedException {
    if (isEvaluationDue(step)) {
      progress.enter(Phase.WAITING);
      CollectedWork work = inFlight.await(Purpose.EVALUATION);
      progress.enter(Phase.EVALUATING);
      MeasuredRollouts measured = MeasuredRollouts.of(work.rollouts(), policy, truncatedSampling);
      outbox.report(events.evaluation(step, newest, measured, policy.humanTextPerplexity()));
    }
  }

  private Answer upload(Update update) throws InterruptedException {
    progress.enter(Phase.UPLOADING);
    Answer answer = emaService.upload(update, policy.weights());
    if (!update.publish() && answer instanceof Answer.Reset) {
      throw new EmaServiceException(
          "reset within step " + update.step() + " (expected: resets behind a published update)");
    }
    return answer;
  }

  private StepMetrics stepMetrics(
      CollectedWork work, MeasuredRollouts measured, PpoStatistics ppo, double initialShare) {
    Duration took = Duration.between(stepBegan, clock.instant());
    return StepMetrics.newBuilder()
        .setRewardMean(measured.rewardMean())
        .setRewardStd(measured.rewardStd())
        .setKlToInitialNats(measured.klToInitial().nats())
        .setPolicyLoss(ppo.policyLoss())
        .setValueLoss(ppo.valueLoss())
        .setEntropyNats(measured.entropyMean())
        .setClipFraction(ppo.clipFraction())
        .setApproximateKlNats(ppo.approximateKl())
        .setGradientNorm(ppo.gradientNorm())
        .setLearningRate(ppoEpochs.learningRate())
        .setKlCoefficient(klCoefficient.value())
        .setStalenessMax(work.stalenessMax())
        .setTokensPerSecond(measured.tokens() * 1000.0 / Math.max(1, took.toMillis()))
        .setLengthMeanTokens(measured.lengthMean())
        .putAllDropped(inFlight.dropped())
        .setInitialShare(initialShare)
        .build();
  }

  private static KlCoefficient klCoefficient(LearnerConfig.Kl kl) {
    return kl.target().isPresent()
        ? new KlCoefficient.Adaptive(kl.coefficient(), kl.target().getAsDouble(), kl.horizon())
        : new KlCoefficient.Fixed(kl.coefficient());
  }

  /** Uploads at each tick of {@code learner.update-every}; the last of a step is published. */
  private final class UploadCadence implements PpoEpochs.AfterOptimizerStep {

    private final Update published;
    private Optional<Answer> answer = Optional.empty();

    UploadCadence(Update published) {
      this.published = published;
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
      if (due) {
        answer = Optional.of(upload(new Update(published.step(), stepEnds, published.drift())));
        updatesSinceReset++;
        progress.enter(Phase.OPTIMISING);
      }
    }

    Answer lastAnswer() {
      return answer.orElseThrow();
    }
  }
}
