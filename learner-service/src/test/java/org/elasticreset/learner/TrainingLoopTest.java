package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.EVALUATION;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RESET;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RUN_ENDED;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.EmaService.Update;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLoopTest {

  @TempDir Path directory;

  @Test
  void runReportsInitialEvaluationStepsEvaluationsAndItsEndInOrder() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory));

    assertThat(run.eventCases())
        .containsExactly(
            EVALUATION,
            TRAINING_STEP,
            TRAINING_STEP,
            EVALUATION,
            TRAINING_STEP,
            EVALUATION,
            RUN_ENDED);
    assertThat(run.events(TRAINING_STEP))
        .extracting(TrainingEvent::getPolicyVersion)
        .containsExactly(2L, 3L, 4L);
    assertThat(run.policy.saved).containsExactly(directory.resolve("policy"));
  }

  @Test
  void deliveredAverageIsEvaluatedAndSavedAndTrainingIsAsWithoutIt() throws Exception {
    FakeRun plain = FakeRun.of(TestConfig.in(directory));

    FakeRun averaged = FakeRun.of(TestConfig.in(directory, "deliver", "average"));

    assertThat(averaged.emaService.uploaded).isEqualTo(plain.emaService.uploaded);
    assertThat(averaged.events(TRAINING_STEP)).hasSameSizeAs(plain.events(TRAINING_STEP));
    assertThat(averaged.emaService.downloaded)
        .as("evaluations of steps 0, 2 and 3, and what is saved")
        .extracting(PolicyStamp::version)
        .containsExactly(1L, 3L, 4L, 4L);
    assertThat(averaged.workers.issued)
        .allMatch(batch -> batch.getAverage() == (batch.getPurpose() == Purpose.EVALUATION));
    assertThat(averaged.events(EVALUATION)).allMatch(event -> event.getEvaluation().getOfAverage());
    float[] last = new float[4];
    for (int i = 0; i < 4; i++) {
      last[i] = plain.emaService.uploaded.get(3).get(i) / 2;
    }
    assertThat(averaged.policy.weights).as("what was saved").containsExactly(last);
  }

  @Test
  void equalSeedsGiveEqualEventsAndUpdatesWhateverTheOrderOfArrival() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "5");
    FakeRun inOrder = FakeRun.of(config);
    FakeRun shuffled =
        new FakeRun(config, new FakeEmaService(), workers -> workers.shuffled(7)).run();

    assertThat(shuffled.emaService.uploaded).isEqualTo(inOrder.emaService.uploaded);
    assertThat(shuffled.workers.events).isEqualTo(inOrder.workers.events);
  }

  @Test
  void anotherSeedGivesOtherPromptsAndUpdates() throws Exception {
    FakeRun one = FakeRun.of(TestConfig.in(directory, "seed", "1"));
    FakeRun two = FakeRun.of(TestConfig.in(directory, "seed", "2"));

    assertThat(two.workers.issued).isNotEqualTo(one.workers.issued);
    assertThat(two.emaService.uploaded).isNotEqualTo(one.emaService.uploaded);
  }

  @Test
  void duplicatesAreDroppedAndCountedAndChangeNothing() throws Exception {
    LearnerConfig config = TestConfig.in(directory);
    FakeRun once = FakeRun.of(config);
    FakeRun twice = new FakeRun(config, new FakeEmaService(), FakeWorkers::twice).run();

    assertThat(twice.emaService.uploaded).isEqualTo(once.emaService.uploaded);
    TrainingEvent last = twice.events(TRAINING_STEP).get(2);
    assertThat(last.getTrainingStep().getDroppedMap().get("duplicate")).isGreaterThan(8);
    assertThat(once.events(TRAINING_STEP).get(2).getTrainingStep().getDroppedMap())
        .containsOnlyKeys(
            "abandoned-version", "duplicate", "stale-epoch", "stale-version", "unknown")
        .containsEntry("duplicate", 0L);
  }

  /** Of each batch the first is asked about twice, and the second once, in vain. */
  @Test
  void aStepTrainsOnTheLaterScoreAndTellsWhoGaveIt() throws Exception {
    FakeRun run =
        new FakeRun(
                TestConfig.in(directory),
                new FakeEmaService(),
                workers -> workers.scoring(TrainingLoopTest::askedAbout))
            .run();

    for (TrainingEvent event : run.events(TRAINING_STEP)) {
      StepMetrics step = event.getTrainingStep();
      assertThat(step.getRewardMean()).isEqualTo((1 + 0.5) / 2);
      assertThat(step.getRewardedByPeople()).isEqualTo(2);
      assertThat(step.getRewardedByFallback()).isEqualTo(2);
    }
    assertThat(run.events(TRAINING_STEP).get(2).getTrainingStep().getDroppedMap())
        .containsEntry("superseded", 3L * 2)
        .containsEntry("duplicate", 0L);
    assertThat(run.progress.rewarded(RewardFrom.REWARD_FROM_PEOPLE)).isEqualTo(6);
    assertThat(run.progress.rewarded(RewardFrom.REWARD_FROM_MODEL)).isZero();
  }

  private static List<ReceivedRollout> askedAbout(ReceivedRollout scored) {
    if (scored.purpose() != Purpose.TRAINING) {
      return List.of(scored);
    }
    ReceivedRollout inVain =
        WorkInFlightTest.rescored(scored, 1, 0.5, RewardFrom.REWARD_FROM_FALLBACK);
    return scored.rollout().id().endsWith("/0")
        ? List.of(inVain, WorkInFlightTest.rescored(scored, 2, 1, RewardFrom.REWARD_FROM_PEOPLE))
        : List.of(inVain);
  }

  @Test
  void lostWorkIsIssuedAgainAfterTheConfiguredSilenceAndChangesNothing() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "reissue-after", "7s");
    FakeRun intact = FakeRun.of(config);
    FakeRun lossy =
        new FakeRun(
                config,
                new FakeEmaService(),
                workers -> workers.losingOnce("train-2-1/0", "evaluation-0-0/1"))
            .run();

    assertThat(lossy.workers.silences)
        .containsExactly(config.reissueAfter(), config.reissueAfter());
    assertThat(lossy.workers.issuedIds()).filteredOn("train-2-1"::equals).hasSize(2);
    assertThat(lossy.workers.issuedIds()).filteredOn("evaluation-0-0"::equals).hasSize(2);
    assertThat(lossy.emaService.uploaded).isEqualTo(intact.emaService.uploaded);
  }

  /** Every copy stands in front of the work that follows, for workers that do come back. */
  @Test
  void workersThatAreAwayFindFewCopiesOfEachBatch() throws Exception {
    LearnerConfig config = TestConfig.in(directory);
    FakeRun prompt = FakeRun.of(config);
    FakeRun away = new FakeRun(config, new FakeEmaService(), workers -> workers.awayFor(100)).run();

    // The first, and one behind 1, 2, 4, 8, 16, 32 and 64 waits without a rollout.
    assertThat(away.workers.issuedIds()).filteredOn("train-1-0"::equals).hasSize(1 + 7);
    assertThat(away.workers.issuedIds()).filteredOn("train-2-0"::equals).hasSize(1);
    assertThat(away.emaService.uploaded).isEqualTo(prompt.emaService.uploaded);
  }

  @Test
  void synchronousTrainingIssuesAStepOnlyBehindThePolicyBeforeIt() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory));

    for (PromptBatch batch : training(run)) {
      assertThat(batch.getMinimumPolicyVersion()).isEqualTo(batch.getTargetStep());
    }
    assertThat(run.events(TRAINING_STEP))
        .allSatisfy(step -> assertThat(step.getTrainingStep().getStalenessMax()).isZero());
  }

  @Test
  void stalenessOfOneIssuesTheNextStepAheadAndReportsIt() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory, "max-staleness", "1", "steps", "4"));

    assertThat(training(run))
        .extracting(PromptBatch::getTargetStep)
        .containsExactly(1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L);
    assertThat(training(run))
        .extracting(PromptBatch::getMinimumPolicyVersion)
        .containsExactly(1L, 1L, 1L, 1L, 2L, 2L, 3L, 3L);
    assertThat(run.events(TRAINING_STEP))
        .extracting(step -> step.getTrainingStep().getStalenessMax())
        .containsExactly(0L, 1L, 1L, 1L);
  }

  @Test
  void evaluationIsNeverTrainedOn() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory));

    List<Integer> trained =
        run.policy.minibatches.stream()
            .flatMap(List::stream)
            .map(sample -> sample.tokens().responseTokens().length)
            .toList();
    assertThat(trained).hasSize(3 * 2 * 4);
    assertThat(run.workers.issued)
        .filteredOn(batch -> batch.getPurpose() == Purpose.EVALUATION)
        .hasSize(3 * 2)
        .flatMap(PromptBatch::getPromptsList)
        .extracting(Prompt::getText)
        .containsOnly("nine", "ten", "eleven");
    FakeRun without = FakeRun.of(TestConfig.in(directory, "evaluation.every", "100"));
    assertThat(without.emaService.uploaded).isEqualTo(run.emaService.uploaded);
  }

  @Test
  void resetIsAdoptedAndReportedBehindItsStep() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory, "evaluation.every", "100"), 2L);

    assertThat(run.eventCases())
        .containsExactly(
            EVALUATION, TRAINING_STEP, TRAINING_STEP, RESET, TRAINING_STEP, EVALUATION, RUN_ENDED);
    TrainingEvent reset = run.events(RESET).get(0);
    assertThat(reset.getStep()).isEqualTo(2);
    assertThat(reset.getPolicyVersion()).isEqualTo(3);
    assertThat(reset.getResetEpoch()).isEqualTo(1);
    assertThat(reset.getReset().getUpdatesSinceReset()).isEqualTo(2);
    assertThat(reset.getReset().getInitialShare()).isCloseTo(0.25, within(1e-12));
    assertThat(run.events(TRAINING_STEP))
        .extracting(event -> event.getTrainingStep().getInitialShare())
        .containsExactly(0.5, 0.25, 0.5);
    assertThat(run.emaService.uploaded.get(3).get(3)).isBetween(30f, 50f);
    assertThat(run.policy.cleared).isEmpty();
  }

  @Test
  void resetForgetsOptimizerAndValueHeadWhereAsked() throws Exception {
    FakeRun run =
        FakeRun.of(
            TestConfig.in(
                directory, "on-reset.clear-optimizer", "true", "on-reset.clear-value-head", "true"),
            2L);

    assertThat(run.policy.cleared).containsExactly("optimizer", "value head");
  }

  @Test
  void elasticResetChangesNothingBetweenResets() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "6");
    FakeRun off = FakeRun.of(config);
    FakeRun on = FakeRun.of(config, 4L);

    // The initial policy and the updates of steps 1 to 4, the one that is reset included.
    assertThat(on.emaService.uploaded.subList(0, 5))
        .isEqualTo(off.emaService.uploaded.subList(0, 5));
    assertThat(on.emaService.updates.subList(0, 5)).isEqualTo(off.emaService.updates.subList(0, 5));
    assertThat(on.emaService.uploaded.get(5)).isNotEqualTo(off.emaService.uploaded.get(5));
    assertThat(on.workers.issued).isEqualTo(off.workers.issued);
    assertThat(on.policy.learningRates).isEqualTo(off.policy.learningRates);
  }

  @Test
  void rolloutsFromBeforeAResetAreDroppedCountedAndIssuedAgain() throws Exception {
    FakeRun run =
        FakeRun.of(
            TestConfig.in(directory, "max-staleness", "1", "steps", "4", "evaluation.every", "100"),
            2L);

    // Step 3 was generated by version 2, before version 3 began the next epoch.
    assertThat(training(run).stream().filter(batch -> batch.getTargetStep() == 3))
        .extracting(PromptBatch::getMinimumPolicyVersion)
        .containsExactly(2L, 2L, 3L, 3L);
    assertThat(run.events(TRAINING_STEP).get(2).getTrainingStep().getDroppedMap())
        .containsEntry("stale-epoch", 4L);
    assertThat(run.events(TRAINING_STEP).get(2).getTrainingStep().getStalenessMax()).isZero();
  }

  @Test
  void rolloutsFromBeforeAResetAreKeptAndCountedWithImportanceWeights() throws Exception {
    FakeRun run =
        FakeRun.of(
            TestConfig.in(
                directory, "max-staleness", "1", "steps", "4", "earlier-epoch", "importance"),
            2L);

    assertThat(training(run)).hasSize(8);
    assertThat(run.progress.earlierEpochTrained()).isEqualTo(4);
    assertThat(run.events(TRAINING_STEP).get(2).getTrainingStep().getDroppedMap())
        .containsEntry("stale-epoch", 0L);
    // Step 3 trained on rollouts from before the reset: their drift is no ground for another.
    assertThat(run.emaService.updates.stream().filter(update -> update.step() > 0))
        .extracting(update -> update.drift().isPresent())
        .containsExactly(true, true, false, true);
  }

  @Test
  void onlyTheLastUploadOfAStepIsPublished() throws Exception {
    assertThat(publishedByCadence("training-step")).containsExactly(true);
    assertThat(publishedByCadence("ppo-epoch")).containsExactly(false, true);
    assertThat(publishedByCadence("optimizer-step")).containsExactly(false, false, false, true);
  }

  private List<Boolean> publishedByCadence(String cadence) throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory, "update-every", cadence, "steps", "1"));
    return run.emaService.updates.stream()
        .filter(update -> update.step() == 1)
        .map(Update::publish)
        .toList();
  }

  @Test
  void timeOfTheInitialPolicyIsOfTheStartAndThatOfAVersionIsNoLearning() throws Exception {
    FakeEmaService emaService = new FakeEmaService();
    FakeRun run =
        new FakeRun(TestConfig.in(directory, "steps", "1"), emaService, UnaryOperator.identity());
    List<Phase> asked = new ArrayList<>();
    List<Phase> told = new ArrayList<>();
    emaService.whileAsked = () -> asked.add(run.progress.phase());
    run.workers.whileTold = () -> told.add(run.progress.phase());

    run.run();

    assertThat(asked)
        .as("upload and release, of the initial policy and of the step's")
        .containsExactly(Phase.STARTING, Phase.STARTING, Phase.UPLOADING, Phase.CHECKPOINTING);
    assertThat(told)
        .as("evaluation, step, evaluation, end")
        .containsExactly(Phase.EVALUATING, Phase.UPLOADING, Phase.EVALUATING, Phase.ENDED);
  }

  @Test
  void cadenceChangesWhatIsAveragedAndNotWhatIsLearnt() throws Exception {
    FakeRun step = FakeRun.of(TestConfig.in(directory));
    FakeRun optimizerStep = FakeRun.of(TestConfig.in(directory, "update-every", "optimizer-step"));

    assertThat(optimizerStep.policy.weights).isEqualTo(step.policy.weights);
    assertThat(optimizerStep.events(TRAINING_STEP).get(0).getTrainingStep().getInitialShare())
        .isCloseTo(Math.pow(0.5, 4), within(1e-12));
  }

  @Test
  void lossThatIsNoNumberStopsTheRunBeforeItsUpload() throws Exception {
    LearnerConfig config = TestConfig.in(directory);
    FakeRun run = new FakeRun(config, new FakeEmaService(), workers -> workers);
    run.policy.policyLoss = Double.NaN;

    assertThatThrownBy(run::run)
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageStartingWith("step 1, epoch 1, minibatch 1: policy loss NaN")
        .hasMessageContaining("learning rate 0.1");
    assertThat(run.emaService.updates).hasSize(1);
  }

  @Test
  void learningRateWarmsUpOverOptimizerSteps() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory, "ppo.warm-up-steps", "4", "steps", "2"));

    assertThat(run.policy.learningRates)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.1, 0.1);
  }

  @Test
  void adaptiveKlCoefficientRisesWhileDriftIsAboveItsTarget() throws Exception {
    FakeRun run =
        FakeRun.of(
            TestConfig.in(
                directory,
                "kl.coefficient",
                "0.5",
                "kl.target",
                "0.0001",
                "kl.horizon",
                "100",
                "ppo.whiten-advantages",
                "false"));

    List<TrainingEvent> steps = run.events(TRAINING_STEP);
    assertThat(steps.get(0).getTrainingStep().getKlCoefficient()).isEqualTo(0.5);
    double kl = steps.get(0).getTrainingStep().getKlToInitialNats();
    double expected = 0.5 * (1 + Math.signum(kl) * 0.2 * 4 / 100);
    assertThat(steps.get(1).getTrainingStep().getKlCoefficient())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void evaluationEventCarriesFiguresAndSamplesInTheOrderOfThePrompts() throws Exception {
    FakeRun run =
        new FakeRun(TestConfig.in(directory), new FakeEmaService(), w -> w.shuffled(3)).run();

    var evaluation = run.events(EVALUATION).get(0).getEvaluation();
    assertThat(evaluation.getSamplesList())
        .extracting(sample -> sample.getPrompt())
        .containsExactly("nine", "ten", "eleven");
    assertThat(evaluation.getJudgeMean()).isEqualTo(0.25);
    assertThat(evaluation.getPerplexityHumanText()).isEqualTo(12.5);
    assertThat(evaluation.getEntropyNats()).isEqualTo(2);
    assertThat(evaluation.getDistinct1()).isBetween(0.01, 1.0);
    assertThat(evaluation.getRewardMean())
        .isCloseTo(
            evaluation.getSamplesList().stream()
                .mapToDouble(sample -> sample.getReward())
                .average()
                .orElseThrow(),
            within(1e-12));
  }

  private static List<PromptBatch> training(FakeRun run) {
    return run.workers.issued.stream()
        .filter(batch -> batch.getPurpose() == Purpose.TRAINING)
        .toList();
  }
}
