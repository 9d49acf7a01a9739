package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.elasticreset.model.AdapterDirectory;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.LlamaConfig;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.Precision;
import org.elasticreset.model.RotaryAngles;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policy of a learner that trains adapters only. */
class AdaptedPolicyTest {

  private static final int VOCABULARY = 257;

  private static final List<TokenSequence> TEXTS =
      List.of(
          new TokenSequence(new int[] {4, 5, 6}, new int[] {7, 8, 9}),
          new TokenSequence(new int[] {10}, new int[] {11, 12}));

  @TempDir Path directory;

  @BeforeEach
  void writeBase() throws IOException {
    writeBase(3);
  }

  private void writeBase(long seed) throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    Path vocabulary = directory.resolve("tokenizer.json");
    new BpeTrainer(VOCABULARY).train(Stream.of("a text"), vocabulary);
    try (Tokenizer tokenizer = Tokenizer.open(vocabulary);
        CausalLanguageModel base = CausalLanguageModel.initialise(llama(), tokenizer, seed)) {
      base.save(model);
    }
  }

  private static LlamaConfig llama() {
    return new LlamaConfig(
        "llama",
        VOCABULARY,
        16,
        16,
        24,
        2,
        4,
        2,
        4,
        1e-5,
        false,
        false,
        true,
        new RotaryAngles(10_000, new RotaryAngles.Unscaled()),
        0,
        0,
        List.of(0));
  }

  private LearnerConfig config(String... more) {
    String[] settings =
        Stream.concat(Stream.of("lora.rank", "2"), Stream.of(more)).toArray(String[]::new);
    return TestConfig.in(directory, settings);
  }

  private static TrainedPolicy open(LearnerConfig config) {
    LearnerConfigCheck.check(config);
    return new InitialPolicyDirectory().open(config, List.of("a human text"));
  }

  private static void train(TrainedPolicy policy) {
    float[] ones = {1, 1, 1};
    float[] zeros = new float[3];
    float[] old = policy.evaluate(TEXTS).get(0).logProbs();
    policy.ppoStep(List.of(new PpoSample(TEXTS.get(0), old, zeros, ones, ones)), 0, 0.05);
  }

  @Test
  void onlyAdaptersTravel() {
    try (TrainedPolicy policy = open(config())) {
      assertThat(policy.weights().tensors())
          .hasSize(2 * 2 * 2)
          .allMatch(tensor -> tensor.name().matches(".*\\.[qv]_proj\\.lora_[AB]\\.weight"));
    }
  }

  @Test
  void referenceIsTheBaseHoweverFarTheAdaptersGo() {
    try (TrainedPolicy policy = open(config())) {
      float[] initial = policy.evaluate(TEXTS).get(0).logProbs();
      assertThat(policy.referenceLogProbs(TEXTS).get(0)).isEqualTo(initial);

      train(policy);

      assertThat(policy.evaluate(TEXTS).get(0).logProbs()).isNotEqualTo(initial);
      assertThat(policy.referenceLogProbs(TEXTS).get(0)).isEqualTo(initial);
    }
  }

  @Test
  void bfloat16PolicyIsMeasuredAgainstABfloat16Reference() {
    LearnerConfig config = config("precision", "bfloat16", "base-weights", "bfloat16");
    try (TrainedPolicy policy = open(config)) {
      assertThat(policy.referenceLogProbs(TEXTS).get(0))
          .isEqualTo(policy.evaluate(TEXTS).get(0).logProbs());
    }
  }

  @Test
  void recomputedBlocksGiveTheSameStep() {
    try (TrainedPolicy kept = open(config());
        TrainedPolicy recomputed = open(config("recompute", "true"))) {
      train(kept);
      train(recomputed);

      assertThat(recomputed.weights().digest()).isEqualTo(kept.weights().digest());
    }
  }

  @Test
  void policyGoesOnFromItsCheckpointToTheLastBit() throws IOException {
    Path state = Files.createDirectory(directory.resolve("state"));
    // The dropped inputs of a step are the same when it is done again.
    LearnerConfig config = config("lora.dropout", "0.3");
    byte[] undisturbed;
    try (TrainedPolicy policy = open(config)) {
      train(policy);
      policy.saveState(state);
      train(policy);
      undisturbed = policy.weights().digest();
    }

    try (TrainedPolicy resumed = open(config)) {
      resumed.restoreState(state);
      train(resumed);

      assertThat(resumed.weights().digest()).isEqualTo(undisturbed);
    }
    assertThat(Files.size(state.resolve("policy.safetensors"))).isLessThan(4000);
  }

  @Test
  void resetTakesOverTheAverageOfTheAdaptersAndLeavesTheBase() {
    try (TrainedPolicy policy = open(config())) {
      ByteBuffer initial = policy.weights().read(0, (int) policy.weights().totalBytes());
      train(policy);

      policy.weights().write(0, initial);

      assertThat(policy.evaluate(TEXTS).get(0).logProbs())
          .isEqualTo(policy.referenceLogProbs(TEXTS).get(0));
    }
  }

  @Test
  void runOnAnotherBaseOrWithOtherAdaptersIsAnotherRun() throws IOException {
    Map<String, String> before = identity(config());

    assertThat(identity(config())).isEqualTo(before);
    assertThat(identity(config("lora.alpha", "3"))).isNotEqualTo(before);
    assertThat(identity(config("lora.target-modules", "all-linear"))).isNotEqualTo(before);
    assertThat(identity(TestConfig.in(directory))).isNotEqualTo(before);
    writeBase(4);
    assertThat(identity(config())).isNotEqualTo(before);
  }

  private static Map<String, String> identity(LearnerConfig config) {
    try (TrainedPolicy policy = open(config)) {
      return RunIdentity.of(config, List.of(), List.of(), policy.initialPolicy());
    }
  }

  @Test
  void savedAdaptersGiveThePolicyBackOnItsBase() {
    Path output = directory.resolve("policy");
    LearnerConfig config = config("lora.alpha", "6", "model-name", "org/base");
    float[] trained;
    try (TrainedPolicy policy = open(config)) {
      train(policy);
      trained = policy.evaluate(TEXTS).get(0).logProbs();
      policy.save(output);
    }

    AdapterDirectory adapter = AdapterDirectory.read(output);
    assertThat(adapter.baseModel()).isEqualTo("org/base");
    try (CausalLanguageModel opened =
        CausalLanguageModel.openAdapter(config.model(), adapter, Precision.FLOAT32)) {
      assertThat(opened.logProbs(TEXTS, 1, 2).get(0)).isEqualTo(trained);
    }
  }

  @Test
  void modulesThatTheModelDoesNotHaveAreRefusedByName() {
    assertThatThrownBy(() -> open(config("lora.target-modules", "q_proj,c_attn")))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("learner.lora.target-modules: [c_attn] (expected: all-linear, or");
  }
}
