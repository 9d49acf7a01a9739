package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.Purpose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the learner reports of an evaluation is what docs/metrics.md defines, computed by brute
 * force over a vocabulary of 50 in float64; {@code src/test/fixtures/metrics.py} did.
 */
class MetricsParityTest {

  private static final Path FILES = Path.of("src", "test", "resources", "metrics");
  private static final String TEMPERATURE = "0.8";
  private static final PolicyStamp STAMP = new PolicyStamp(2, 0);

  private final ReferenceNumbers expected = ReferenceNumbers.read(FILES.resolve("expected.txt"));

  @TempDir Path directory;
  private LearnerConfig config;
  private CausalLanguageModel moved;
  private TrainedPolicy policy;

  /** The learner's policy has moved from the initial one to the other. */
  @BeforeEach
  void open() throws IOException {
    config = TestConfig.in(directory, "sampling.temperature", TEMPERATURE);
    modelDirectory("model", "initial.safetensors");
    List<String> humanText = Files.readAllLines(FILES.resolve("human-text.txt"));
    policy = new InitialPolicyDirectory().open(config, humanText);
    moved = CausalLanguageModel.open(modelDirectory("moved", "policy.safetensors"));
    ByteBuffer weights = moved.parameters().read(0, (int) moved.parameters().totalBytes());
    policy.weights().write(0, weights);
  }

  @AfterEach
  void close() {
    policy.close();
    moved.close();
  }

  @Test
  void evaluationIsThatOfBruteForce() {
    MeasuredRollouts measured = measured(givenRollouts());
    EvaluationMetrics metrics =
        new TrainingEvents(
                "test-run",
                Clock.systemUTC(),
                new TranslationScores(Optional.empty(), Optional.empty()))
            .evaluation(1, STAMP, new Evaluated(measured, policy.humanTextPerplexity()), false)
            .getEvaluation();

    assertFigure("reward_mean", metrics.getRewardMean());
    assertFigure("kl_to_initial_nats", metrics.getKlToInitialNats());
    assertFigure("standard_error", measured.klToInitial().standardError());
    assertFigure("kl_to_initial_nats_per_token", metrics.getKlToInitialNatsPerToken());
    assertFigure("entropy_nats", metrics.getEntropyNats());
    assertFigure("perplexity_human_text", metrics.getPerplexityHumanText());
    assertFigure("distinct_1", metrics.getDistinct1());
    assertFigure("distinct_2", metrics.getDistinct2());
    assertFigure("length_mean_tokens", metrics.getLengthMeanTokens());
  }

  @Test
  void learnersOwnLogProbsOfTheResponsesAreThoseOfBruteForce() {
    List<float[]> found =
        measured(givenRollouts()).now().stream().map(now -> now.logProbs()).toList();

    expected.assertNear("drawn_log_probs", found, 1e-5);
  }

  @Test
  void driftOfManyDrawnResponsesIsTheDivergenceOverAllResponses() {
    int[] prompt = expected.tokens("exact_prompt").get(0);
    Sampling sampling =
        new Sampling(Double.parseDouble(TEMPERATURE), 0, 1, false, 3, prompt.length, new int[0]);
    List<GenerationRequest> requests =
        IntStream.range(0, 4000).mapToObj(seed -> new GenerationRequest(prompt, seed)).toList();
    List<ReceivedRollout> drawn =
        moved.generate(requests, sampling).stream()
            .map(drawing -> rollout(prompt, drawing.responseTokens(), drawing.logProbs(), 0))
            .toList();

    SequenceKl drift = measured(drawn).klToInitial();

    assertThat(drift.standardError()).isLessThan(0.05 * expected.number("exact_kl"));
    assertThat(drift.nats())
        .isCloseTo(expected.number("exact_kl"), within(3 * drift.standardError()));
  }

  /** Within 1e-5 of what it is, for the policy computes in float32. */
  private void assertFigure(String name, double found) {
    double figure = expected.number(name);
    assertThat(found).as(name).isCloseTo(figure, within(1e-5 * Math.max(1, Math.abs(figure))));
  }

  private MeasuredRollouts measured(List<ReceivedRollout> rollouts) {
    return MeasuredRollouts.of(rollouts, policy, STAMP, DrawnLogProbs.of(config));
  }

  private List<ReceivedRollout> givenRollouts() {
    List<int[]> prompts = expected.tokens("prompt");
    List<int[]> responses = expected.tokens("response");
    List<float[]> drawn = expected.floats("drawn_log_probs");
    double[] scores = expected.column("score");
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> rollout(prompts.get(i), responses.get(i), drawn.get(i), scores[i]))
        .toList();
  }

  private static ReceivedRollout rollout(
      int[] prompt, int[] response, float[] logProbs, double score) {
    return new ReceivedRollout(
        new ReceivedRollout.Source(0, 0),
        Purpose.EVALUATION,
        1,
        new Rollout("rollout", prompt, response, logProbs, score, STAMP, false),
        "",
        "",
        OptionalDouble.empty());
  }

  private Path modelDirectory(String name, String weights) throws IOException {
    Path model = Files.createDirectories(directory.resolve(name));
    for (String file : List.of("config.json", "tokenizer.json")) {
      Files.copy(FILES.resolve(file), model.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.copy(FILES.resolve(weights), model.resolve("model.safetensors"));
    return model;
  }
}
