package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.simulated.SimulatedTokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedPolicyTest {

  private static final List<TokenSequence> SEQUENCES =
      List.of(
          new TokenSequence(new int[] {5}, SimulatedTokens.draw(1, 12)),
          new TokenSequence(new int[] {6}, SimulatedTokens.draw(2, 3)));

  private record Settings(
      long parameters, Optional<String> optimizerStepTime, Optional<String> evaluationTime)
      implements SimulatedConfig {}

  private static SimulatedPolicy policy(String stepTime) {
    return new SimulatedPolicy(new Settings(5000, Optional.of(stepTime), Optional.empty()), 1);
  }

  @Test
  void agreesWithTheWorkersThatHoldItsWeights() {
    SimulatedPolicy policy = policy("0ms");
    policy.ppoStep(List.of(), 0, 0.125);

    float drift = policy.weights().read(0, 4).getFloat();

    assertThat(drift).isEqualTo(0.125f);
    for (int i = 0; i < SEQUENCES.size(); i++) {
      assertThat(policy.evaluate(SEQUENCES).get(i).logProbs())
          .isEqualTo(SimulatedTokens.logProbs(SEQUENCES.get(i).responseTokens(), drift));
      assertThat(policy.referenceLogProbs(SEQUENCES).get(i))
          .isEqualTo(SimulatedTokens.logProbs(SEQUENCES.get(i).responseTokens(), 0));
    }
  }

  @Test
  void adoptsWhatAResetGivesIt() {
    SimulatedPolicy policy = policy("0ms");
    byte[] initial = policy.weights().digest();
    ByteBuffer average = ByteBuffer.allocate(20_000).put(policy.weights().read(0, 20_000)).flip();
    policy.ppoStep(List.of(), 0, 0.5);
    assertThat(policy.weights().digest()).isNotEqualTo(initial);

    policy.weights().write(0, average);

    assertThat(policy.weights().digest()).isEqualTo(initial);
    assertThat(policy.firstNotFinite()).isEmpty();
  }

  @Test
  void goesOnFromItsCheckpointAndFromItsMemory(@TempDir Path directory) {
    SimulatedPolicy policy = policy("0ms");
    policy.ppoStep(List.of(), 0, 0.5);
    byte[] saved = policy.weights().digest();
    policy.saveState(directory);
    policy.remember();
    policy.ppoStep(List.of(), 0, 0.5);

    SimulatedPolicy again = policy("0ms");
    again.restoreState(directory);
    policy.recall();

    assertThat(again.weights().digest()).isEqualTo(saved);
    assertThat(policy.weights().digest()).isEqualTo(saved);
  }

  @Test
  void optimizerStepTakesItsTime() {
    long began = System.nanoTime();
    policy("30ms").ppoStep(List.of(), 0, 0.1);

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(30_000_000);
  }

  @Test
  void realModelBesideItIsRefusedAndSoIsWhatNeedsOne(@TempDir Path directory) {
    LearnerConfig config =
        TestConfig.in(
            directory,
            "simulated.parameters",
            "0",
            "simulated.optimizer-step-time",
            "soon",
            "nlpo.top-p",
            "0.9",
            "nlpo.update-every",
            "2");

    assertThat(LearnerConfigCheck.problems(config))
        .containsExactly(
            "learner.model: "
                + directory.resolve("model")
                + " (expected: simulated, where learner.simulated.parameters is set)",
            "learner.nlpo.top-p: set (expected: absent, where learner.simulated.parameters is set)",
            "learner.simulated.parameters: 0 (expected: at least 1)",
            "learner.simulated.optimizer-step-time: soon (expected: a duration such as 500ms, or"
                + " exponential:500ms, or lognormal:500ms,0.5)");
    assertThat(LearnerConfigCheck.problems(simulated(directory))).isEmpty();
  }

  private static LearnerConfig simulated(Path directory) {
    return TestConfig.in(directory, "model", "simulated", "simulated.parameters", "5000");
  }
}
