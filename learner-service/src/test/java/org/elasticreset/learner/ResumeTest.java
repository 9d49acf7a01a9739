package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RUN_ENDED;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.UPDATE_DISCARDED;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A learner that dies and is started again on its checkpoints; all else lives on. */
class ResumeTest {

  private static final int DIES_AT_MOST = 100;

  @TempDir Path directory;

  /** Death before and behind every single effect of a run, one after the other. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, training-step",
    "3, 0, training-step",
    "2, 1, training-step",
    "1, 2, training-step",
    "2, 0, optimizer-step"
  })
  void deathAtAnyInstantChangesNothingThatIsLearntOrTold(
      String every, String maxStaleness, String cadence) throws Exception {
    LearnerConfig config =
        TestConfig.in(
            directory,
            "steps",
            "5",
            "checkpoint.every",
            every,
            "max-staleness",
            maxStaleness,
            "update-every",
            cadence);
    FakeRun undisturbed = FakeRun.of(config, 3L);
    int points = undisturbed.emaService.crash.passed();
    assertThat(points).isGreaterThan(60);

    for (int point = 0; point < points; point++) {
      FakeRun run = dyingAt(config, point);

      assertThat(run.policy.weights).as("death at %d", point).isEqualTo(undisturbed.policy.weights);
      assertThat(figures(run)).as("death at %d", point).isEqualTo(figures(undisturbed));
      assertBalanced(run);
    }
  }

  /** Rehearsal draws its texts, and a pull knows where to, whenever the learner dies. */
  @Test
  void deathAtAnyInstantChangesNothingOfTheTermsBesideTheObjective() throws Exception {
    LearnerConfig config =
        TestConfig.in(
            directory,
            "steps",
            "5",
            "pull-to-initial",
            "0.01",
            "rehearsal.coefficient",
            "0.1",
            "rehearsal.texts",
            directory.resolve("prompts.txt").toString(),
            "rehearsal.batch-size",
            "3");
    FakeRun undisturbed = FakeRun.of(config, 3L);
    assertThat(undisturbed.events(TRAINING_STEP))
        .allSatisfy(
            event -> {
              assertThat(event.getTrainingStep().getRehearsalLoss()).isEqualTo(3);
              assertThat(event.getTrainingStep().getDistanceToInitial()).isPositive();
            });

    for (int point = 0; point < undisturbed.emaService.crash.passed(); point++) {
      FakeRun run = dyingAt(config, point);

      assertThat(run.policy.weights).as("death at %d", point).isEqualTo(undisturbed.policy.weights);
      assertThat(figures(run)).as("death at %d", point).isEqualTo(figures(undisturbed));
    }
  }

  /** The student and the mask are as they were, whenever the learner dies. */
  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3"})
  void deathAtAnyInstantChangesNothingOfStudentAndMask(String every, String renewal)
      throws Exception {
    LearnerConfig config =
        TestConfig.in(
            directory,
            "steps",
            "5",
            "checkpoint.every",
            every,
            "iterated-learning.every",
            "2",
            "iterated-learning.epochs",
            "2",
            "iterated-learning.learning-rate",
            "0.1",
            "nlpo.top-p",
            "0.8",
            "nlpo.update-every",
            renewal);
    FakeRun undisturbed = FakeRun.of(config, 3L);

    for (int point = 0; point < undisturbed.emaService.crash.passed(); point++) {
      FakeRun run = dyingAt(config, point);

      assertThat(run.policy.weights).as("death at %d", point).isEqualTo(undisturbed.policy.weights);
      assertThat(run.policy.student).as("death at %d", point).isEqualTo(undisturbed.policy.student);
      assertThat(run.policy.mask).as("death at %d", point).isEqualTo(undisturbed.policy.mask);
      assertThat(figures(run)).as("death at %d", point).isEqualTo(figures(undisturbed));
      assertBalanced(run);
    }
  }

  private static FakeRun dyingAt(LearnerConfig config, int... points) throws InterruptedException {
    FakeRun run = new FakeRun(config, new FakeEmaService(3L), UnaryOperator.identity());
    for (int deaths = 0; ; deaths++) {
      assertThat(deaths).isLessThan(DIES_AT_MOST);
      run.emaService.crash.crashAt(deaths < points.length ? points[deaths] : CrashPoint.NEVER);
      try {
        return run.run();
      } catch (CrashPoint.Crash e) {
        run = run.startedAgain(config);
      }
    }
  }

  /** All that a step says of learning; versions count published policies, not learnt ones. */
  private static List<String> figures(FakeRun run) {
    return run.workers.events.stream().map(ResumeTest::figures).toList();
  }

  private static String figures(TrainingEvent event) {
    TrainingEvent.Builder figures = event.toBuilder().clearPolicyVersion();
    switch (event.getEventCase()) {
      case TRAINING_STEP -> figures.getTrainingStepBuilder().clearDropped();
      case RUN_ENDED -> figures.getRunEndedBuilder().clearAccounting();
      default -> {}
    }
    return figures.build().toString();
  }

  private static void assertBalanced(FakeRun run) {
    Accounting books = run.events(RUN_ENDED).get(0).getRunEnded().getAccounting();
    assertThat(books.getTrained()).isEqualTo(5 * 4);
    assertThat(books.getInFlight()).isZero();
    assertThat(books.getAdmitted()).isEqualTo(books.getTrained() + books.getEvaluated());
    long dropped = books.getDroppedMap().values().stream().mapToLong(Long::longValue).sum();
    assertThat(books.getReceived()).isEqualTo(books.getTrained() + books.getEvaluated() + dropped);
  }

  @Test
  void withACheckpointAtEveryStepVersionsAreThoseOfTheUndisturbedRun() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "5");
    FakeRun undisturbed = FakeRun.of(config, 3L);

    FakeRun run = dyingAt(config, 40, 10, 25, 3, 30);

    assertThat(run.events(TRAINING_STEP))
        .extracting(TrainingEvent::getPolicyVersion)
        .isEqualTo(
            undisturbed.events(TRAINING_STEP).stream()
                .map(TrainingEvent::getPolicyVersion)
                .toList());
    assertThat(run.policy.weights).isEqualTo(undisturbed.policy.weights);
  }

  @Test
  void damagedCheckpointIsPassedOverForTheOneBefore() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "4");
    FakeRun run = new FakeRun(config, new FakeEmaService(), UnaryOperator.identity());
    run.run();
    Path newest = config.checkpoint().directory().resolve("step-00000004");
    Files.writeString(newest.resolve("weights"), "torn");

    FakeRun again = run.startedAgain(config).run();

    assertThat(again.emaService.resumed).extracting(EmaService.Standing::step).containsExactly(3L);
    assertThat(again.policy.weights).isEqualTo(run.policy.weights);
  }

  @Test
  void checkpointWithoutItsOtherHalfIsPassedOverForTheOneBefore() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "4");
    FakeRun run = new FakeRun(config, new FakeEmaService(), UnaryOperator.identity());
    run.run();
    run.emaService.refused.add(4L);

    FakeRun again = run.startedAgain(config).run();

    assertThat(again.emaService.resumed)
        .extracting(EmaService.Standing::step)
        .containsExactly(4L, 3L);
    assertThat(again.policy.weights).isEqualTo(run.policy.weights);
  }

  @Test
  void withoutAnyPairTheRunIsRefusedRatherThanBegunAgain() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "2");
    FakeRun run = new FakeRun(config, new FakeEmaService(), UnaryOperator.identity());
    run.run();
    run.emaService.refused.addAll(List.of(0L, 1L, 2L));

    assertThatThrownBy(() -> run.startedAgain(config).run())
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("no checkpoint of steps [2, 1, 0] is intact with its snapshot");
  }

  @Test
  void runGoesOnToMoreStepsButNotWithOtherWork() throws Exception {
    FakeRun run =
        new FakeRun(
            TestConfig.in(directory, "steps", "2"), new FakeEmaService(), UnaryOperator.identity());
    run.run();

    FakeRun longer = run.startedAgain(TestConfig.in(directory, "steps", "4")).run();

    assertThat(longer.events(TRAINING_STEP)).hasSize(4);
    assertThatThrownBy(
            () -> longer.startedAgain(TestConfig.in(directory, "steps", "6", "seed", "9")).run())
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("learner.seed: 9 (expected: 1, with which ");
  }

  @Test
  void checkpointsAreRetainedByCountAndTheServiceIsToldWhichAreKept() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "6", "checkpoint.keep", "2");

    FakeRun run = FakeRun.of(config);

    assertThat(run.emaService.kept).containsExactly(6L, 5L);
    assertThat(run.checkpoints().steps()).containsExactly(6L, 5L);
    assertThat(run.emaService.released).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void checkpointsAreWrittenAtTheirStepsAtTheLastAndAtEveryReset() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory, "steps", "7", "checkpoint.every", "3"), 4L);

    assertThat(run.emaService.released).containsExactly(0L, 3L, 4L, 6L, 7L);
  }

  @Test
  void pausedRunAdmitsNothingUntilItGoesOnAndLearnsTheSame() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "3");
    FakeRun undisturbed = FakeRun.of(config);
    FakeRun run = new FakeRun(config, new FakeEmaService(), UnaryOperator.identity());
    run.emaService.pausedPolls.put(1L, 2);

    run.run();

    assertThat(run.emaService.pausedPolls.get(1L)).isZero();
    assertThat(run.workers.issued).isEqualTo(undisturbed.workers.issued);
    assertThat(run.policy.weights).isEqualTo(undisturbed.policy.weights);
  }

  @Test
  void learnerThatDiesInAPauseIsHeldByItWhenItStartsAgain() throws Exception {
    LearnerConfig config = TestConfig.in(directory, "steps", "3");
    FakeRun undisturbed = FakeRun.of(config);
    LearnerConfig held = TestConfig.in(directory.resolve("held"), "steps", "3");
    FakeRun run = new FakeRun(held, new FakeEmaService(), UnaryOperator.identity());
    run.emaService.pausedPolls.put(1L, Integer.MAX_VALUE);
    run.emaService.diesInPause = true;
    assertThatThrownBy(run::run).isInstanceOf(CrashPoint.Crash.class);
    run.emaService.diesInPause = false;
    run.emaService.pausedPolls.put(1L, 3);

    FakeRun again = run.startedAgain(held);
    run.emaService.whilePaused = () -> assertThat(again.progress.isRunOpened()).isTrue();
    again.run();

    assertThat(run.emaService.pausedPolls.get(1L)).isZero();
    assertThat(again.policy.weights).isEqualTo(undisturbed.policy.weights);
  }

  @Test
  void updateThatIsNotFiniteIsDiscardedWithItsBatchKeptAndTheRunGoesOn() throws Exception {
    LearnerConfig config =
        TestConfig.in(directory, "steps", "4", "on-non-finite-update", "discard");
    FakeRun run = new FakeRun(config, new FakeEmaService(), UnaryOperator.identity());
    run.policy.diverges = minibatch -> minibatch == 6; // the third of step 2

    run.run();

    assertThat(run.events(TRAINING_STEP))
        .extracting(TrainingEvent::getStep)
        .containsExactly(1L, 3L, 4L);
    TrainingEvent discarded = run.events(UPDATE_DISCARDED).get(0);
    assertThat(discarded.getStep()).isEqualTo(2);
    assertThat(discarded.getPolicyVersion()).isEqualTo(2);
    assertThat(discarded.getUpdateDiscarded().getReason())
        .startsWith("step 2, epoch 2, minibatch 1: gradient norm: NaN");
    assertThat(Path.of(discarded.getUpdateDiscarded().getBatchFile()))
        .content()
        .startsWith("# step 2, epoch 2")
        .contains("rollout_id: \"train-2-0/0\"", "rollout_id: \"train-2-1/1\"");
    Accounting books = run.events(RUN_ENDED).get(0).getRunEnded().getAccounting();
    assertThat(books.getDiscarded()).isEqualTo(4);
    assertThat(books.getTrained()).isEqualTo(3 * 4);
    assertThat(run.policy.weights).doesNotContain(Float.NaN);
    assertThat(run.emaService.uploaded)
        .allSatisfy(weights -> assertThat(weights).doesNotContain(Float.NaN));
    assertThat(run.policy.learningRates).hasSize(3 * 4 + 2);
  }

  @Test
  void updateThatIsNotFiniteStopsTheRunWithItsBatchKept() throws Exception {
    FakeRun run =
        new FakeRun(TestConfig.in(directory), new FakeEmaService(), UnaryOperator.identity());
    run.policy.diverges = minibatch -> minibatch == 0;

    assertThatThrownBy(run::run)
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("its batch is in " + directory.resolve("discarded"));
    assertThat(directory.resolve("discarded").resolve("step-00000001.txtpb")).exists();
    assertThat(run.emaService.updates).hasSize(1);
  }

  @Test
  void weightThatIsNotFiniteIsNotUploaded() throws Exception {
    FakeRun run =
        new FakeRun(TestConfig.in(directory), new FakeEmaService(), UnaryOperator.identity());
    run.policy.weights[1] = Float.POSITIVE_INFINITY;

    assertThatThrownBy(run::run)
        .isInstanceOf(TrainingDivergedException.class)
        .hasMessageContaining("a weight of first is not finite");
    assertThat(run.emaService.updates).isEmpty();
  }
}
