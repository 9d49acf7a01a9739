package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.Admission;
import org.elasticreset.algorithm.AdvantageEstimator;
import org.elasticreset.algorithm.KlCoefficient;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Answer;
import org.elasticreset.learner.EmaService.Drift;
import org.elasticreset.learner.EmaService.Opened;
import org.elasticreset.learner.EmaService.Standing;
import org.elasticreset.learner.LearnerConfig.OnNonFiniteUpdate;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.learner.WorkInFlight.Books;
import org.elasticreset.learner.WorkInFlight.CollectedWork;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.StepMetrics;
import org.jboss.logging.Logger;

/**
 * The training of a run, top to bottom, on one thread: Elastic Reset (Noukhovitch et al. 2023,
 * arXiv 2312.07551, algorithm 1) around PPO (Schulman et al. 2017, arXiv 1707.06347) or another
 * {@link Algorithm}.
 *
 * <p>Training is the same whether resets are on or off: the ema-service alone decides, and the loop
 * does what its answer says.
 */
final class TrainingLoop {

  private static final Logger LOG = Logger.getLogger(TrainingLoop.class);
  private static final long PAUSED_POLL_MILLIS = 500;

  private final LearnerConfig config;
  private final TrainedPolicy policy;
  private final EmaService emaService;
  private final RunCheckpoints checkpoints;
  private final WorkOrders orders;
  private final Inbox inbox;
  private final Outbox outbox;
  private final TrainingProgress progress;
  private final Clock clock;
  private final TrainingEvents events;
  private final Admission admission;
  private final Objective objective;
  private final PpoSamples ppoSamples;
  private final PpoEpochs ppoEpochs;
  private final Regularisers regularisers;
  private final PolicyUploads uploads;
  private final DrawnLogProbs drawnLogProbs;
  private final DeliveredPolicy delivered;

  private WorkInFlight inFlight;
  private KlCoefficient klCoefficient;
  private AdvantageEstimator advantages;
  private PolicyStamp newest = new PolicyStamp(0, 0);
  private long admittedStep;
  private Instant stepBegan = Instant.MIN;

  TrainingLoop(
      LearnerConfig config,
      TrainedPolicy policy,
      EmaService emaService,
      RunCheckpoints checkpoints,
      WorkOrders orders,
      Inbox inbox,
      Outbox outbox,
      TrainingProgress progress,
      Clock clock) {
    Seeds seeds = new Seeds(config.seed());
    this.config = config;
    this.policy = policy;
    this.emaService = emaService;
    this.checkpoints = checkpoints;
    this.orders = orders;
    this.inbox = inbox;
    this.inFlight = new WorkInFlight(config, inbox, outbox, Books.empty());
    this.outbox = outbox;
    this.progress = progress;
    this.clock = clock;
    this.events =
        new TrainingEvents(config.runId(), clock, TranslationScores.of(config.evaluation()));
    this.admission = new Admission(config.maxStaleness());
    this.objective = new Objective(config);
    this.ppoSamples = new PpoSamples(objective.klEstimator());
    this.ppoEpochs = new PpoEpochs(policy, config.ppo(), seeds);
    this.regularisers = new Regularisers(config, policy);
    this.uploads = new PolicyUploads(config, policy, emaService, progress);
    this.drawnLogProbs = DrawnLogProbs.of(config);
    this.delivered = new DeliveredPolicy(config.deliver(), policy, emaService);
    this.klCoefficient = klCoefficient(config.kl(), config.kl().coefficient());
    this.advantages = objective.advantages(OptionalDouble.empty());
  }

  /** Trains the policy for all the steps of the run that are not done yet, and saves it. */
  void run() throws InterruptedException {
    progress.enter(Phase.UPLOADING);
    long done = begin();

    for (long step = done + 1; step <= config.steps(); step++) {
      stepBegan = clock.instant();
      progress.enter(Phase.WAITING);
      CollectedWork work = inFlight.await(Purpose.TRAINING);

      learn(step, work);
      evaluateIfDue(step);
    }

    progress.enter(Phase.ENDED);
    delivered.save(newest, config.output());
    Books books = inFlight.books(config.steps(), newest);
    outbox.report(
        events.runEnded(
            config.steps(), newest, config.output(), RunState.accounting(books, inFlight)));
    LOG.infof("run ended step=%d version=%d", config.steps(), newest.version());
  }

  /**
   * Algorithm 1 of the paper: advantages, optimizer steps, and the average's word on the update.
   */
  private void learn(long step, CollectedWork work) throws InterruptedException {
    progress.enter(Phase.EVALUATING);
    MeasuredRollouts measured = measure(work);
    PpoSamples.OfStep learnt =
        ppoSamples.of(
            measured,
            advantages,
            objective.inReward(klCoefficient.value()),
            objective.toWeigh(work));
    progress.trainedFromEarlierEpoch(work.fromEarlierEpoch().size());

    Drift drift = new Drift(measured.klToInitial().nats(), measured.rewardMean());
    // Rollouts from before a reset tell of the policy that the reset left: no ground for another.
    boolean ofThisEpoch = work.fromEarlierEpoch().isEmpty();
    PolicyUploads.OfStep uploaded =
        uploads.of(step, ofThisEpoch ? Optional.of(drift) : Optional.empty());
    progress.enter(Phase.OPTIMISING);
    long optimizerSteps = ppoEpochs.optimizerSteps();
    boolean discards = config.onNonFiniteUpdate() == OnNonFiniteUpdate.DISCARD;
    if (discards) {
      policy.remember();
    }
    try {
      double klInLoss = objective.inLoss(klCoefficient.value());
      Regularisers.OfStep beside = regularisers.of(step);
      PpoStatistics statistics = ppoEpochs.run(step, learnt.samples(), klInLoss, beside, uploaded);

      inFlight.trained(work);
      StepMetrics metrics = stepMetrics(work, measured, statistics, beside);
      klCoefficient = klCoefficient.next(drift.klToInitialNats(), measured.size());
      advantages = learnt.advantages();
      obey(step, uploaded.lastAnswer(), metrics);
    } catch (TrainingDivergedException e) {
      Path batch =
          new DiscardedBatches(config.discardedBatches())
              .keep(step, String.valueOf(e.getMessage()), work.rollouts());
      if (!discards) {
        throw new TrainingDivergedException(e.getMessage() + "; its batch is in " + batch);
      }
      policy.recall();
      ppoEpochs.goOnAfter(optimizerSteps);
      uploaded.takeBack();
      discard(step, work, String.valueOf(e.getMessage()), batch);
    }
  }

  /** Goes on from the newest pair, or begins. Returns the step that is done. */
  private long begin() throws InterruptedException {
    ByteString initialDigest = ByteString.copyFrom(policy.weights().digest());
    var pair = NewestPair.open(checkpoints, emaService, policy.weights(), initialDigest);
    if (pair.isPresent()) {
      return goOnFrom(pair.get());
    }
    Opened opened = emaService.open(policy.weights(), initialDigest, Optional.empty());
    uploads.goOn(opened.decay(), 0);
    inbox.open(Map.of());
    complete(0, uploads.initial());
    evaluateIfDue(0);
    return 0;
  }

  private long goOnFrom(NewestPair pair) throws InterruptedException {
    RunState state = pair.state();
    PolicyStamp goesOnAs = pair.opened().newest();
    policy.restoreState(pair.directory());
    uploads.goOn(pair.opened().decay(), state.updatesSinceReset());
    klCoefficient = klCoefficient(config.kl(), state.klCoefficient());
    advantages = objective.advantages(state.rewardBaseline());
    ppoEpochs.goOnAfter(state.optimizerSteps());
    events.goOnAfter(state.eventSequence());
    Books books = state.booksGoingOnAs(goesOnAs);
    inFlight = new WorkInFlight(config, inbox, outbox, books);
    inbox.open(books.offsets());
    long step = state.standing().step();
    admittedStep = step;
    progress.wentOn(step);
    LOG.infof(
        "run goes on step=%d version=%d was_version=%d epoch=%d",
        step, goesOnAs.version(), state.standing().policy().version(), goesOnAs.resetEpoch());
    publish(step, goesOnAs);
    evaluateIfDue(step);
    return step;
  }

  /** Reports the step, adopts what a reset asks for, and starts what the new version allows. */
  private void obey(long step, Answer answer, StepMetrics metrics) throws InterruptedException {
    if (answer instanceof Answer.Reset reset) {
      // The step's own policy was never published: its event names the version before.
      report(step, newest, metrics);
      if (config.onReset().clearOptimizer()) {
        policy.clearOptimizer();
      }
      if (config.onReset().clearValueHead()) {
        policy.clearValueHead();
        advantages = objective.advantages(OptionalDouble.empty());
      }
      outbox.report(
          events.reset(
              step,
              reset.newest(),
              ResetEvent.newBuilder()
                  .setReason(reset.reason())
                  .setUpdatesSinceReset(uploads.sinceReset())
                  .setInitialShare(
                      reset.to() == ResetTo.RESET_TO_INITIAL ? 1 : metrics.getInitialShare())
                  .setTo(reset.to())
                  .build()));
      LOG.infof(
          "policy reset step=%d version=%d epoch=%d to=%s reason=\"%s\"",
          step, reset.newest().version(), reset.newest().resetEpoch(), reset.to(), reset.reason());
      uploads.wereReset();
    } else {
      report(step, answer.newest(), metrics);
    }
    complete(step, answer);
  }

  /** The step is told: makes it durable before anybody can generate with its policy. */
  private void complete(long step, Answer answer) throws InterruptedException {
    if (answer.held()) {
      progress.enter(Phase.CHECKPOINTING);
      RunState state =
          new RunState(
              new Standing(step, answer.newest(), answer.digest()),
              uploads.sinceReset(),
              ppoEpochs.optimizerSteps(),
              klCoefficient.value(),
              Objective.baseline(advantages),
              events.sequence(),
              inFlight.books(step, answer.newest()));
      List<Long> kept = checkpoints.write(state.message(inFlight), policy);
      if (emaService.release(step, kept)) {
        awaitResume(step);
      }
    }
    publish(step, answer.newest());
  }

  /** An operator holds the run: its newest policy is served, and nothing more is admitted. */
  private void awaitResume(long step) throws InterruptedException {
    LOG.infof("run paused step=%d", step);
    progress.enter(Phase.PAUSED);
    while (emaService.isPaused()) {
      Thread.sleep(PAUSED_POLL_MILLIS);
    }
    LOG.infof("run goes on step=%d", step);
  }

  /** The policy is the one before the step again: goes on without its rollouts. */
  private void discard(long step, CollectedWork work, String reason, Path batch)
      throws InterruptedException {
    LOG.errorf("update discarded step=%d batch=%s reason=\"%s\"", step, batch, reason);
    inFlight.discarded(work);
    outbox.report(events.updateDiscarded(step, newest, reason, batch));
    publish(step, newest);
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
    inFlight.trainingContinuesWith(newest, step);
    if (isEvaluationDue(step)) {
      inFlight.issue(step, orders.evaluation(step, newest.version(), delivered.isAverage()));
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

  /** Measures what is delivered on held-out prompts; nothing of it reaches training. */
  private void evaluateIfDue(long step) throws InterruptedException {
    if (isEvaluationDue(step)) {
      progress.enter(Phase.WAITING);
      CollectedWork work = inFlight.await(Purpose.EVALUATION);
      progress.enter(Phase.EVALUATING);
      Evaluated evaluated =
          delivered.measured(
              newest, () -> new Evaluated(measure(work), policy.humanTextPerplexity()));
      inFlight.evaluated(work);
      outbox.report(events.evaluation(step, newest, evaluated, delivered.isAverage()));
    }
  }

  private MeasuredRollouts measure(CollectedWork work) {
    return MeasuredRollouts.of(work.rollouts(), policy, newest, drawnLogProbs);
  }

  private StepMetrics stepMetrics(
      CollectedWork work,
      MeasuredRollouts measured,
      PpoStatistics ppo,
      Regularisers.OfStep beside) {
    Duration took = Duration.between(stepBegan, clock.instant());
    StepMetrics.Builder metrics = TrainingEvents.metrics(measured, ppo);
    beside.report(metrics);
    return metrics
        .setLearningRate(ppoEpochs.learningRate())
        .setKlCoefficient(klCoefficient.value())
        .setStalenessMax(work.stalenessMax())
        .setTokensPerSecond(measured.tokens() * 1000.0 / Math.max(1, took.toMillis()))
        .putAllDropped(inFlight.dropped())
        .setInitialShare(uploads.initialShare())
        .build();
  }

  private static KlCoefficient klCoefficient(LearnerConfig.Kl kl, double value) {
    return kl.target().isPresent()
        ? new KlCoefficient.Adaptive(value, kl.target().getAsDouble(), kl.horizon())
        : new KlCoefficient.Fixed(kl.coefficient());
  }
}
