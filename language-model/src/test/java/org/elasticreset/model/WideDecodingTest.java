package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Decoding multiplies weights of more than half a million values the other way round. */
class WideDecodingTest {

  private static final int VOCABULARY = 2048;
  private static final int WIDTH = 512;

  static Stream<Arguments> decoders() {
    var gpt2 = new GptConfig(VOCABULARY, 32, WIDTH, 2, 8);
    var adapted = new LoraSettings(3, 6, 0, List.of("c_attn", "mlp.c_proj"));
    return Stream.of(
        Arguments.of(Named.of("GPT-2", gpt2), Optional.empty()),
        Arguments.of(Named.of("GPT-2 with adapters", gpt2), Optional.of(adapted)),
        Arguments.of(Named.of("Llama", llama()), Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void generationEqualsAFullForwardPass(DecoderConfig config, Optional<LoraSettings> lora) {
    var settings = new ModelSettings(Precision.FLOAT32, lora, 7);
    try (var model = CausalLanguageModel.initialise(config, null, settings)) {
      SharpModels.scale(model.weights(), 2);
      if (lora.isPresent()) {
        SharpModels.spread(model.parameters(), 0.1, 7);
      }
      // More than 64 rows: what evaluates them is not what is held against it.
      var generations =
          model.generate(prompts(), new Sampling(0.8, 0, 1, false, 12, 12, new int[0]));
      var full =
          model.logProbs(
              generations.stream()
                  .map(said -> new TokenSequence(said.promptTokens(), said.responseTokens()))
                  .toList(),
              0.8,
              generations.size());

      for (int i = 0; i < full.size(); i++) {
        assertThat(generations.get(i).logProbs()).containsExactly(full.get(i), within(1e-3f));
      }
      assertThat(full).allSatisfy(logProbs -> assertThat(logProbs).hasSize(12));
    }
  }

  private static List<GenerationRequest> prompts() {
    var random = new SplittableRandom(3);
    return IntStream.range(0, 12)
        .mapToObj(
            i ->
                new GenerationRequest(
                    random.ints(1 + i, 0, VOCABULARY).toArray(), random.nextLong()))
        .toList();
  }

  private static LlamaConfig llama() {
    return new LlamaConfig(
        "llama",
        VOCABULARY,
        32,
        WIDTH,
        2048,
        2,
        8,
        4,
        64,
        1e-5,
        true,
        true,
        false,
        new RotaryAngles(100, new RotaryAngles.Unscaled()),
        0,
        0,
        List.of());
  }
}
