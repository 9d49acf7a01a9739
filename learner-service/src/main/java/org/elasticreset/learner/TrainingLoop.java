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
import org.elasticreset.model.TokenSequence;
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
  private final IteratedLearning iteratedLearning;
  private final ActionMasks actionMasks;
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
    this.inFlight = new WorkInFlight(config, emaService, inbox, outbox, Books.empty());
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
    this.iteratedLearning = new IteratedLearning(config, policy);
    this.actionMasks = new ActionMasks(config, policy);
    this.uploads = new PolicyUploads(config, policy, emaService, checkpoints, progress);
    this.drawnLogProbs = DrawnLogProbs.of(config);
    this.delivered = new DeliveredPolicy(config.deliver(), policy, emaService);
    this.klCoefficient = objective.klCoefficient(config.kl().coefficient());
    this.advantages = objective.advantages(OptionalDouble.empty());
  }

  /** Trains the policy for all the steps of the run that are not done yet, and saves it. */
  void run() throws InterruptedException {
    long done = begin();

    for (long step = done + 1; step <= config.steps(); step++) {
      stepBegan = clock.instant();
      progress.await(Purpose.TRAINING, step);
      CollectedWork work = inFlight.await(Purpose.TRAINING);

      if (iteratedLearning.isDue(step)) {
        imitate(step, work);
      } else {
        learn(step, work);
      }
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
    MeasuredRollouts measured = measureTraining(work);
    PpoSamples.OfStep learnt =
        ppoSamples.of(
            measured,
            advantages,
            objective.inReward(klCoefficient.value()),
            objective.toWeigh(work));
    progress.trainedFromEarlierEpoch(work.fromEarlierEpoch().size());
    double klInLoss = objective.inLoss(klCoefficient.value());
    Regularisers.OfStep beside = regularisers.of(step);

    update(
        step,
        work,
        measured,
        uploaded -> {
          PpoStatistics statistics =
              ppoEpochs.run(step, learnt.samples(), klInLoss, beside, uploaded);
          advantages = learnt.advantages();
          StepMetrics.Builder metrics = TrainingEvents.metrics(measured, statistics);
          beside.report(metrics);
          return metrics.setLearningRate(ppoEpochs.learningRate());
        });
  }

  /** Seeded iterated learning: a student learns what the policy says, and is the policy then. */
  private void imitate(long step, CollectedWork work) throws InterruptedException {
    progress.enter(Phase.EVALUATING);
    MeasuredRollouts measured = measureTraining(work);
    List<TokenSequence> said = work.rollouts().stream().map(ReceivedRollout::tokens).toList();

    update(
        step,
        work,
        measured,
        uploaded ->
            TrainingEvents.metrics(measured, iteratedLearning.imitate(step, said, uploaded))
                .setLearningRate(iteratedLearning.learningRate()));
  }

  /** A lesson of the step's rollouts, and the average's word on what has become of the policy. */
  private void update(long step, CollectedWork work, MeasuredRollouts measured, Lesson lesson)
      throws InterruptedException {
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
      StepMetrics.Builder figures = lesson.learn(uploaded);

      inFlight.trained(work);
      progress.trainedOn(work.rollouts());
      StepMetrics metrics = stepMetrics(work, measured, figures);
      klCoefficient = klCoefficient.next(drift.klToInitialNats(), measured.size());
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
    klCoefficient = objective.klCoefficient(state.klCoefficient());
    advantages = objective.advantages(state.rewardBaseline());
    ppoEpochs.goOnAfter(state.optimizerSteps());
    events.goOnAfter(state.eventSequence());
    actionMasks.goOn(state.mask());
    Books books = state.booksGoingOnAs(goesOnAs);
    inFlight = new WorkInFlight(config, emaService, inbox, outbox, books);
    inbox.open(books.offsets());
    long step = state.standing().step();
    admittedStep = step;
    progress.wentOn(step);
    LOG.infof(
        "run goes on step=%d version=%d was_version=%d epoch=%d",
        step, goesOnAs.version(), state.standing().policy().version(), goesOnAs.resetEpoch());
    if (emaService.isPaused()) {
      new OperatorPause(emaService, progress).await(step);
    }
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
    if (answer.held()) {
      progress.enter(Phase.CHECKPOINTING);
    }
    complete(step, answer);
  }

  /** The step is told: makes it durable before anybody can generate with its policy. */
  private void complete(long step, Answer answer) throws InterruptedException {
    if (ActionMasks.isRenewedBehind(config, step)) {
      actionMasks.renew(step, answer.newest());
    }
    if (answer.held()) {
      RunState state =
          new RunState(
              new Standing(step, answer.newest(), answer.digest()),
              uploads.sinceReset(),
              ppoEpochs.optimizerSteps(),
              klCoefficient.value(),
              Objective.baseline(advantages),
              events.sequence(),
              actionMasks.now(),
              inFlight.books(step, answer.newest()));
      List<Long> kept = checkpoints.write(state.message(inFlight), policy);
      if (emaService.release(step, kept)) {
        new OperatorPause(emaService, progress).await(step);
      }
    }
    publish(step, answer.newest());
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
    progress.trainedStale(metrics.getStalenessMax());
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
      List<PromptBatch> batches = actionMasks.mask(orders.training(admittedStep, newest.version()));
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
      progress.await(Purpose.EVALUATION, step);
      CollectedWork work = inFlight.await(Purpose.EVALUATION);
      progress.enter(Phase.EVALUATING);
      Evaluated evaluated =
          delivered.measured(
              newest, () -> new Evaluated(measure(work), policy.humanTextPerplexity()));
      inFlight.evaluated(work);
      uploads.evaluated(evaluated.figures(step));
      outbox.report(events.evaluation(step, newest, evaluated, delivered.isAverage()));
    }
  }

  private MeasuredRollouts measure(CollectedWork work) {
    return MeasuredRollouts.of(work.rollouts(), policy, newest, drawnLogProbs);
  }

  private MeasuredRollouts measureTraining(CollectedWork work) {
    return actionMasks.areOn() ? MeasuredRollouts.ofMasked(work.rollouts(), policy) : measure(work);
  }

  private StepMetrics stepMetrics(
      CollectedWork work, MeasuredRollouts measured, StepMetrics.Builder figures) {
    Duration took = Duration.between(stepBegan, clock.instant());
    return figures
        .setKlCoefficient(klCoefficient.value())
        .setStalenessMax(work.stalenessMax())
        .setTokensPerSecond(measured.tokens() * 1000.0 / Math.max(1, took.toMillis()))
        .putAllDropped(inFlight.dropped())
        .setInitialShare(uploads.initialShare())
        .build();
  }
}
