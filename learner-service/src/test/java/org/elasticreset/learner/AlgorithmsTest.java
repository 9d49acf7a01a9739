package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.WorkInFlight.CollectedWork;
import org.elasticreset.model.PolicyLoss;
import org.elasticreset.model.PpoSample;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each algorithm learns from, in whole runs around a policy that notes it. */
class AlgorithmsTest {

  @TempDir Path directory;

  /** A small run of that algorithm: steps of two prompts, two responses each. */
  private LearnerConfig config(Algorithm algorithm, String... more) {
    Stream<String> needed =
        algorithm == Algorithm.PPO
            ? Stream.of()
            : Stream.of("samples-per-prompt", "2", "ppo.epochs", "1", "ppo.minibatch-size", "4");
    String[] changes =
        Stream.of(Stream.of("algorithm", algorithm.name()), needed, Stream.of(more))
            .flatMap(changed -> changed)
            .toArray(String[]::new);
    return TestConfig.in(directory, changes);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUPERVISED")
  void equalSeedsGiveEqualUpdatesWhateverTheOrderOfArrival(Algorithm algorithm) throws Exception {
    LearnerConfig config = config(algorithm, "steps", "5");
    assertThat(LearnerConfigCheck.problems(config)).isEmpty();
    FakeRun inOrder = FakeRun.of(config, 3L);

    FakeRun shuffled =
        new FakeRun(config, new FakeEmaService(3L), workers -> workers.shuffled(7).twice()).run();

    assertThat(shuffled.emaService.uploaded).isEqualTo(inOrder.emaService.uploaded);
    assertThat(inOrder.events(TRAINING_STEP)).hasSize(5);
  }

  @Test
  void samplesOfAPromptHaveIdsAndSeedsOfTheirOwn() throws Exception {
    FakeRun run = FakeRun.of(config(Algorithm.RLOO));

    List<Prompt> prompts = prompts(run, 1);
    assertThat(prompts).hasSize(4);
    assertThat(prompts).extracting(Prompt::getRolloutId).doesNotHaveDuplicates();
    assertThat(prompts).extracting(Prompt::getSeed).doesNotHaveDuplicates();
    assertThat(prompts.get(1).getText()).isEqualTo(prompts.get(0).getText());
    assertThat(prompts.get(3).getText()).isEqualTo(prompts.get(2).getText());
    assertThat(prompts.get(2).getText()).isNotEqualTo(prompts.get(0).getText());
  }

  @Test
  void rlooComparesAResponseWithTheOtherOfItsPrompt() throws Exception {
    FakeRun run =
        new FakeRun(config(Algorithm.RLOO), new FakeEmaService(), workers -> workers.shuffled(3))
            .run();

    for (int step = 1; step <= 3; step++) {
      List<ReceivedRollout> rollouts = rollouts(run, step);
      Map<List<Integer>, Float> expected = new HashMap<>();
      for (int i = 0; i < rollouts.size(); i++) {
        double other = rollouts.get(i ^ 1).rollout().reward();
        expected.put(
            response(rollouts.get(i).tokens().responseTokens()),
            (float) (rollouts.get(i).rollout().reward() - other));
      }
      for (PpoSample sample : run.policy.minibatches.get(step - 1)) {
        float advantage = expected.get(response(sample.tokens().responseTokens()));
        for (float found : sample.advantages()) {
          assertThat(found).isCloseTo(advantage, within(1e-6f));
        }
      }
    }
  }

  @Test
  void reinforceComparesWithTheMovingAverageOfTheStepsBefore() throws Exception {
    FakeRun run = FakeRun.of(config(Algorithm.REINFORCE, "reinforce.baseline-decay", "0.5"));

    double baseline = rewardMean(run, 1);
    assertThat(advantageMean(run, 1)).isCloseTo(0, within(1e-6));
    assertThat(advantageMean(run, 2)).isCloseTo(rewardMean(run, 2) - baseline, within(1e-6));
    baseline = 0.5 * baseline + 0.5 * rewardMean(run, 2);
    assertThat(advantageMean(run, 3)).isCloseTo(rewardMean(run, 3) - baseline, within(1e-6));
  }

  @Test
  void resetThatClearsTheValueHeadClearsTheBaselineInItsPlace() throws Exception {
    FakeRun kept = FakeRun.of(config(Algorithm.REINFORCE), 2L);
    FakeRun cleared =
        FakeRun.of(config(Algorithm.REINFORCE, "on-reset.clear-value-head", "true"), 2L);

    assertThat(advantageMean(cleared, 3)).isCloseTo(0, within(1e-6));
    assertThat(Math.abs(advantageMean(kept, 3))).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "3, 0", "1, 1"})
  void movingBaselineSurvivesDeathAtAnyInstant(String every, String maxStaleness) throws Exception {
    LearnerConfig config =
        config(
            Algorithm.REINFORCE,
            "steps",
            "5",
            "checkpoint.every",
            every,
            "max-staleness",
            maxStaleness);
    FakeRun undisturbed = FakeRun.of(config, 3L);

    for (int point = 0; point < undisturbed.emaService.crash.passed(); point++) {
      FakeRun run = dyingAt(config, point);

      assertThat(run.policy.weights).as("death at %d", point).isEqualTo(undisturbed.policy.weights);
    }
  }

  private static FakeRun dyingAt(LearnerConfig config, int point) throws InterruptedException {
    FakeRun run = new FakeRun(config, new FakeEmaService(3L), UnaryOperator.identity());
    run.emaService.crash.crashAt(point);
    try {
      return run.run();
    } catch (CrashPoint.Crash e) {
      run.emaService.crash.crashAt(CrashPoint.NEVER);
      return run.startedAgain(config).run();
    }
  }

  @ParameterizedTest
  @CsvSource({"PPO, , 0.0", "PPO, loss, 0.5", "RLOO, , 0.0", "GRPO, , 0.5", "GRPO, reward, 0.0"})
  void penaltyStandsWhereItIsSetAndForGrpoInTheLoss(Algorithm algorithm, String in, double inLoss)
      throws Exception {
    String[] place = in == null ? new String[] {} : new String[] {"kl.in", in};
    String[] settings =
        Stream.concat(Stream.of("kl.coefficient", "0.5"), Arrays.stream(place))
            .toArray(String[]::new);

    FakeRun penalised = FakeRun.of(config(algorithm, settings));

    assertThat(new HashSet<>(penalised.policy.klCoefficients)).containsExactly(inLoss);
    List<PpoSample> first = penalised.policy.minibatches.get(0);
    List<PpoSample> without = FakeRun.of(config(algorithm)).policy.minibatches.get(0);
    boolean sameAdvantages = Arrays.equals(first.get(0).advantages(), without.get(0).advantages());
    assertThat(sameAdvantages).isEqualTo(inLoss > 0);
    assertThat(first.get(0).referenceLogProbs()).containsOnly(-1.5f);
  }

  @Test
  void adaptiveCoefficientMovesInTheLossToo() throws Exception {
    FakeRun run =
        FakeRun.of(
            config(
                Algorithm.GRPO, "kl.coefficient", "0.5", "kl.target", "0.01", "kl.horizon", "100"));

    assertThat(run.policy.klCoefficients).hasSize(3).isSorted();
    assertThat(run.policy.klCoefficients).doesNotHaveDuplicates();
  }

  @Test
  void rolloutsOfAnOlderPolicyAreWeighedWhereTheGradientHasNoRatio() {
    CollectedWork work =
        new CollectedWork(
            List.of(), 2, Set.of("from-before-a-reset"), Set.of("older", "from-before-a-reset"));

    assertThat(new Objective(config(Algorithm.RLOO)).toWeigh(work))
        .containsExactlyInAnyOrder("older", "from-before-a-reset");
    assertThat(new Objective(config(Algorithm.GRPO)).toWeigh(work))
        .containsExactly("from-before-a-reset");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SUPERVISED")
  void rolloutsFromBeforeAResetAreLearntFromByTheirLikelihood(Algorithm algorithm)
      throws Exception {
    LearnerConfig config =
        config(algorithm, "steps", "4", "max-staleness", "1", "earlier-epoch", "importance");

    FakeRun run = FakeRun.of(config, 2L);

    // Step 3 was drawn before the reset: its ratios are to the policy as it was adopted.
    int perStep = run.policy.minibatches.size() / 4;
    PpoSample earlier = run.policy.minibatches.get(2 * perStep).get(0);
    for (float logProb : earlier.oldLogProbs()) {
      assertThat(logProb).isEqualTo(earlier.oldLogProbs()[0]);
    }
    assertThat(run.events(TRAINING_STEP)).hasSize(4);
  }

  @Test
  void onlyPpoHasAValueHeadAndOnlyRatiosAreClipped() {
    assertThat(new Objective(config(Algorithm.PPO)).loss().valueCoefficient()).isEqualTo(0.5);
    for (Algorithm without : List.of(Algorithm.REINFORCE, Algorithm.RLOO, Algorithm.GRPO)) {
      Objective objective = new Objective(config(without));
      assertThat(objective.hasValueHead()).isFalse();
      assertThat(objective.loss().valueCoefficient()).isZero();
    }
    assertThat(new Objective(config(Algorithm.GRPO)).loss().policyLoss())
        .isEqualTo(PolicyLoss.CLIPPED_SURROGATE);
    assertThat(new Objective(config(Algorithm.RLOO)).loss().policyLoss())
        .isEqualTo(PolicyLoss.POLICY_GRADIENT);
  }

  private static List<Prompt> prompts(FakeRun run, int step) {
    List<Prompt> prompts = new ArrayList<>();
    for (PromptBatch batch : run.workers.issued) {
      if (batch.getPurpose() == Purpose.TRAINING && batch.getTargetStep() == step) {
        prompts.addAll(batch.getPromptsList());
      }
    }
    return prompts;
  }

  /** In the order in which they were issued. */
  private static List<ReceivedRollout> rollouts(FakeRun run, int step) {
    return prompts(run, step).stream()
        .map(
            prompt ->
                FakeWorkers.generate(Purpose.TRAINING, step, prompt, new PolicyStamp(step, 0)))
        .toList();
  }

  private static double rewardMean(FakeRun run, int step) {
    return rollouts(run, step).stream()
        .mapToDouble(rollout -> rollout.rollout().reward())
        .average()
        .orElseThrow();
  }

  /** Over responses. */
  private static double advantageMean(FakeRun run, int step) {
    return run.policy.minibatches.get(step - 1).stream()
        .mapToDouble(sample -> sample.advantages()[0])
        .average()
        .orElseThrow();
  }

  private static List<Integer> response(int[] tokens) {
    return Arrays.stream(tokens).boxed().toList();
  }
}
