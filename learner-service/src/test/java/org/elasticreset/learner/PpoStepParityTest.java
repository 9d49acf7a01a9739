package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.TokenRewards;
import org.elasticreset.model.AdapterDirectory;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Sampling;
import org.elasticreset.proto.v1.StepMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two training steps of the learner's loop, four epochs of two minibatches each, are those of
 * PyTorch with TRL's formulas in float64; {@code src/test/fixtures/ppo_step.py} computed them.
 * Every intermediate is within 1e-4 (of itself, where it is above 1), every updated weight within
 * 1e-5.
 */
class PpoStepParityTest {

  private static final Path FILES = Path.of("src", "test", "resources", "ppo-step");
  private static final Path CHECKPOINTS =
      Path.of("..", "language-model", "src", "test", "resources", "checkpoints");
  private static final double INTERMEDIATE = 1e-4;
  private static final float WEIGHT = 1e-5f;

  /** Of one word: the script knows tokens only, and a model directory has a tokenizer. */
  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": null,
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {"[UNK]": 0}}}
      """;

  @TempDir Path directory;

  @BeforeEach
  void writeBase() throws IOException {
    modelDirectory("model", CHECKPOINTS.resolve("llama-gqa-tied/model.safetensors"));
  }

  @Test
  void stepsOfAWholeModelAreThoseOfPyTorch() throws Exception {
    Path files = FILES.resolve("llama");
    LearnerConfig config = config(files);

    assertStepsAreThoseOf(
        files, new InitialPolicyDirectory().open(config, List.of()), config, this::model);
  }

  @Test
  void stepsOfAdaptersAreThoseOfPyTorch() throws Exception {
    Path files = FILES.resolve("lora");
    LearnerConfig config =
        config(files, "lora.rank", "4", "lora.alpha", "8", "lora.target-modules", "q_proj,v_proj");
    TrainedPolicy policy = new InitialPolicyDirectory().open(config, List.of());
    ByteBuffer adapters = adapters(CHECKPOINTS.resolve("lora-llama/adapter_model.safetensors"));
    policy.weights().write(0, adapters);

    assertStepsAreThoseOf(files, policy, config, this::adapters);
  }

  private void assertStepsAreThoseOf(
      Path files, TrainedPolicy opened, LearnerConfig config, WeightsOfFile weights)
      throws Exception {
    List<ReferenceNumbers> expected =
        IntStream.rangeClosed(1, config.steps())
            .mapToObj(step -> ReferenceNumbers.read(files.resolve("step-" + step + ".txt")))
            .toList();
    FakeEmaService ema = new FakeEmaService();
    PolicyWatch watch = new PolicyWatch(opened);
    try (TrainedPolicy policy = watch.policy()) {
      ReferenceRollouts rollouts = new ReferenceRollouts(expected, ema::newest);
      new TrainingLoop(
              config,
              policy,
              ema,
              new RunCheckpoints(
                  config.checkpoint(), config.runId(), Map.of(), Clock.systemUTC(), Runnable::run),
              orders(config),
              rollouts,
              rollouts,
              new TrainingProgress(Clock.systemUTC()),
              Clock.systemUTC())
          .run();

      for (int step = 1; step <= config.steps(); step++) {
        assertIntermediates(expected.get(step - 1), watch.steps().get(step - 1));
        assertMetrics(expected.get(step - 1), rollouts.metrics(step));
        assertWeights(
            ema.uploaded.get(step), weights.of(files.resolve("step-" + step + ".safetensors")));
      }
      ReferenceNumbers last = expected.get(config.steps() - 1);
      List<TokenEvaluation> after = policy.evaluate(sequences(last));
      last.assertNear("after_log_probs", each(after, TokenEvaluation::logProbs), INTERMEDIATE);
      last.assertNear("after_values", each(after, TokenEvaluation::values), INTERMEDIATE);
    }
  }

  private static void assertIntermediates(ReferenceNumbers expected, PolicyWatch.Step step) {
    List<TokenEvaluation> now = step.now();
    expected.assertNear("log_probs", each(now, TokenEvaluation::logProbs), INTERMEDIATE);
    expected.assertNear("values", each(now, TokenEvaluation::values), INTERMEDIATE);
    expected.assertNear("entropies", each(now, TokenEvaluation::entropies), INTERMEDIATE);
    expected.assertNear("reference_log_probs", step.referenceLogProbs(), INTERMEDIATE);
    expected.assertNear("rewards", rewards(expected, step), INTERMEDIATE);

    List<int[]> prompts = expected.tokens("prompt");
    List<int[]> responses = expected.tokens("response");
    List<int[]> minibatches = expected.tokens("minibatch");
    assertThat(step.minibatches()).hasSameSizeAs(minibatches);
    for (int m = 0; m < minibatches.size(); m++) {
      List<PpoSample> samples = step.minibatches().get(m);
      for (int i = 0; i < samples.size(); i++) {
        int rollout = minibatches.get(m)[i];
        PpoSample sample = samples.get(i);
        assertThat(sample.tokens().promptTokens()).isEqualTo(prompts.get(rollout));
        assertThat(sample.tokens().responseTokens()).isEqualTo(responses.get(rollout));
        expected.assertNear("advantages", rollout, sample.advantages(), INTERMEDIATE);
        expected.assertNear("returns", rollout, sample.returns(), INTERMEDIATE);
      }
    }
    expected.assertNear("ratios", step.ratios(), INTERMEDIATE);
    assertFigures(expected, "policy_loss", step, PpoStatistics::policyLoss);
    assertFigures(expected, "value_loss", step, PpoStatistics::valueLoss);
    assertFigures(expected, "entropy", step, PpoStatistics::entropy);
    assertFigures(expected, "clip_fraction", step, PpoStatistics::clipFraction);
    assertFigures(expected, "approximate_kl", step, PpoStatistics::approximateKl);
    assertFigures(expected, "gradient_norm", step, PpoStatistics::gradientNorm);
  }

  private static void assertFigures(
      ReferenceNumbers expected,
      String name,
      PolicyWatch.Step step,
      ToDoubleFunction<PpoStatistics> figure) {
    expected.assertColumnNear(
        name, step.statistics().stream().mapToDouble(figure).toArray(), INTERMEDIATE);
  }

  /** The learner keeps no token rewards; these go into its advantages. */
  private static List<float[]> rewards(ReferenceNumbers expected, PolicyWatch.Step step) {
    List<float[]> rewards = new ArrayList<>();
    for (int i = 0; i < step.referenceLogProbs().size(); i++) {
      rewards.add(
          TokenRewards.of(
              expected.column("score")[i],
              expected.floats("drawn_log_probs").get(i),
              step.referenceLogProbs().get(i),
              KlEstimator.K1,
              expected.number("kl_coefficient")));
    }
    return rewards;
  }

  private static void assertMetrics(ReferenceNumbers expected, StepMetrics metrics) {
    assertThat(metrics.getKlCoefficient())
        .isCloseTo(expected.number("kl_coefficient"), within(1e-6));
    assertThat(metrics.getKlToInitialNats()).isCloseTo(expected.number("kl"), within(INTERMEDIATE));
    assertMean(expected, "policy_loss", metrics.getPolicyLoss());
    assertMean(expected, "value_loss", metrics.getValueLoss());
    assertMean(expected, "clip_fraction", metrics.getClipFraction());
    assertMean(expected, "approximate_kl", metrics.getApproximateKlNats());
    assertMean(expected, "gradient_norm", metrics.getGradientNorm());
  }

  private static void assertMean(ReferenceNumbers expected, String name, double found) {
    double mean = Arrays.stream(expected.column(name)).average().orElseThrow();
    assertThat(found).as(name).isCloseTo(mean, within(INTERMEDIATE * Math.max(1, mean)));
  }

  private static void assertWeights(List<Float> found, ByteBuffer expected) {
    assertThat(found).hasSize(expected.remaining() / Float.BYTES);
    for (float weight : found) {
      assertThat(weight).isCloseTo(expected.getFloat(), within(WEIGHT));
    }
  }

  private static <T> List<float[]> each(List<T> all, Function<T, float[]> part) {
    return all.stream().map(part).toList();
  }

  private static List<TokenSequence> sequences(ReferenceNumbers expected) {
    List<int[]> prompts = expected.tokens("prompt");
    List<int[]> responses = expected.tokens("response");
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> new TokenSequence(prompts.get(i), responses.get(i)))
        .toList();
  }

  /** The settings of the script, over those of a small run. */
  private LearnerConfig config(Path files, String... more) throws IOException {
    Properties settings = new Properties();
    try (Reader reader = Files.newBufferedReader(files.resolve("settings.properties"))) {
      settings.load(reader);
    }
    Stream<String> read =
        settings.stringPropertyNames().stream()
            .flatMap(key -> Stream.of(key, settings.getProperty(key)));
    return TestConfig.in(directory, Stream.concat(read, Stream.of(more)).toArray(String[]::new));
  }

  /** Without evaluations. */
  private static WorkOrders orders(LearnerConfig config) {
    return new WorkOrders(
        config.runId(),
        config.generationBatchSize(),
        Sampling.getDefaultInstance(),
        new Prompts(
            TextLines.prompts("prompts", config.prompts()),
            config.rolloutsPerStep(),
            config.samplesPerPrompt(),
            new Seeds(config.seed())),
        List.of(),
        config.seed());
  }

  /** The checkpoint that the scripts begin with, around these weights. */
  private Path modelDirectory(String name, Path weights) throws IOException {
    Path model = Files.createDirectories(directory.resolve(name));
    Files.copy(CHECKPOINTS.resolve("llama-gqa-tied/config.json"), model.resolve("config.json"));
    Files.copy(weights, model.resolve("model.safetensors"));
    Files.writeString(model.resolve("tokenizer.json"), TOKENIZER);
    return model;
  }

  private ByteBuffer model(Path weights) throws IOException {
    Path copy = modelDirectory(weights.getFileName().toString(), weights);
    try (CausalLanguageModel model = CausalLanguageModel.open(copy)) {
      return bytes(model);
    }
  }

  private ByteBuffer adapters(Path weights) throws IOException {
    Path copy = Files.createDirectories(directory.resolve(weights.getFileName().toString()));
    Files.copy(
        CHECKPOINTS.resolve("lora-llama/adapter_config.json"), copy.resolve("adapter_config.json"));
    Files.copy(weights, copy.resolve("adapter_model.safetensors"));
    try (CausalLanguageModel model =
        CausalLanguageModel.openAdapter(
            directory.resolve("model"), AdapterDirectory.read(copy), Precision.FLOAT32)) {
      return bytes(model);
    }
  }

  /** A copy of what is trained, which outlives the model. */
  private static ByteBuffer bytes(CausalLanguageModel model) {
    int length = Math.toIntExact(model.parameters().totalBytes());
    return ByteBuffer.allocate(length)
        .put(model.parameters().read(0, length))
        .flip()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Reads the weights of a file in the order of the policy's. */
  private interface WeightsOfFile {
    ByteBuffer of(Path file) throws IOException;
  }
}
