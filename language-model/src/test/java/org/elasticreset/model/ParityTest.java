package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders compute what transformers computes of the same directory. */
class ParityTest {

  /**
   * Of logits of about 10; the fixtures are a CPU's, and float32 on a GPU is off by up to 1.1e-4.
   */
  private static final float TOLERANCE = Checkpoint.madeOnThisDevice() ? 1e-4f : 2e-4f;

  private static final int NEW_TOKENS = 24;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "gpt2-float16",
        "llama",
        "llama-gqa-tied",
        "llama-bfloat16",
        "llama-rope-llama3",
        "llama-rope-linear",
        "llama-rope-linear-old",
        "llama-bias-head-dim",
        "mistral-window",
        "qwen2",
        "qwen2-window"
      })
  void logitsLogProbabilitiesAndContinuationsAreThoseOfTransformers(String name) {
    var expected = Checkpoint.named(name);
    try (var model = CausalLanguageModel.open(expected.copyTo(directory))) {
      assertOutputs(model, expected);
      assertThat(continuations(model, expected.tokens("prompts")))
          .containsExactlyElementsOf(expected.tokens("greedy"));
      for (int n = 0; n < 4; n++) {
        var alone = continuations(model, List.of(expected.tokens("prompts").get(n)));
        assertThat(alone).containsExactly(expected.tokens("greedy").get(n));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gpt2", "gpt2-float16", "llama-gqa-tied", "llama-bfloat16", "qwen2-window"})
  void whatIsSavedComputesTheSame(String name) {
    var expected = Checkpoint.named(name);
    var saved = directory.resolve("saved");
    try (var model = CausalLanguageModel.open(expected.copyTo(directory))) {
      model.save(saved);
    }
    try (var model = CausalLanguageModel.open(saved)) {
      assertOutputs(model, expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"llama, F32", "gpt2-float16, F16", "llama-bfloat16, BF16"})
  void whatIsSavedInTheTypeItCameInIsTheSameByteForByte(String name, SafeTensors.Dtype dtype) {
    var original = Checkpoint.named(name).copyTo(directory);
    var saved = directory.resolve("saved");
    try (var model = CausalLanguageModel.open(original)) {
      model.save(saved, dtype);
    }
    assertThat(bytes(saved)).containsExactlyInAnyOrderEntriesOf(bytes(original));
  }

  /** The stored bytes of each tensor, with its type and shape. */
  private static Map<String, String> bytes(Path directory) {
    var tensors = new HashMap<String, String>();
    try (var weights = ModelWeights.open(new ModelDirectory(directory))) {
      for (var entry : weights.entries().entrySet()) {
        var stream = entry.getValue().stream();
        var text = new StringBuilder(stream.dtype() + Arrays.toString(stream.shape()));
        stream.eachChunk(
            (offset, values) -> {
              var bytes = new byte[values.remaining()];
              values.get(bytes);
              text.append(HexFormat.of().formatHex(bytes));
            });
        tensors.put(entry.getKey(), text.toString());
      }
    }
    return tensors;
  }

  @Test
  void theTokensOfTheGenerationConfigurationEndATextWhereTheyDoInTransformers() {
    var expected = Checkpoint.named("llama");
    try (var model = CausalLanguageModel.open(expected.copyTo(directory))) {
      var ends = model.config().endTokens().stream().mapToInt(token -> token).toArray();
      assertThat(continuations(model, expected.tokens("prompts"), ends))
          .containsExactlyElementsOf(expected.tokens("stopped"));
    }
  }

  private static void assertOutputs(CausalLanguageModel model, Checkpoint expected) {
    var sequences = expected.sequences();
    var inBatch = model.logProbs(sequences, 1, sequences.size());
    var alone = model.logProbs(sequences, 1, 1);
    for (int n = 0; n < sequences.size(); n++) {
      assertThat(Checkpoint.logits(model, null, sequences.get(n)))
          .containsExactly(expected.tensor("logits." + n), within(TOLERANCE));
      assertThat(inBatch.get(n))
          .containsExactly(expected.tensor("log_probs." + n), within(TOLERANCE));
      assertThat(alone.get(n))
          .containsExactly(expected.tensor("log_probs." + n), within(TOLERANCE));
    }
  }

  private static List<int[]> continuations(
      CausalLanguageModel model, List<int[]> prompts, int... ends) {
    var requests = new ArrayList<GenerationRequest>();
    for (var prompt : prompts) {
      requests.add(new GenerationRequest(prompt, 0));
    }
    var greedy = new Sampling(1, 0, 1, true, NEW_TOKENS, model.config().positions(), ends);
    return model.generate(requests, greedy).stream().map(Generation::responseTokens).toList();
  }
}
