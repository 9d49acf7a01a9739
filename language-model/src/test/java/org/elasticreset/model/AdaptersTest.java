package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AdaptersTest {

  private static final List<TokenSequence> SEQUENCES =
      List.of(
          new TokenSequence(new int[] {5, 2}, new int[] {3, 17, 1}),
          new TokenSequence(new int[] {9}, new int[] {4, 4, 4, 8}));
  private static final LoraSettings LORA = new LoraSettings(2, 6, 0.1, List.of("c_attn"));

  @TempDir Path directory;
  private Tokenizer tokenizer;

  @BeforeEach
  void trainATokenizer() {
    new BpeTrainer(270).train(Stream.of("one two one two"), directory.resolve("tokenizer.json"));
    tokenizer = Tokenizer.open(directory);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void newOnesChangeNothing() {
    var config = new GptConfig(270, 8, 8, 1, 2);
    try (var plain = CausalLanguageModel.initialise(config, null, 1);
        var adapted = adapted(config, 1)) {
      assertThat(logProbs(adapted)).isEqualTo(logProbs(plain));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GPT2_WITH_ADAPTERS", "LLAMA_WITH_ADAPTERS"})
  void theReferenceIsTheBaseWithoutThem(TinyDecoders decoder) {
    try (var model = decoder.create(2);
        var reference = model.reference();
        var base = CausalLanguageModel.initialise(decoder.config, null, 2)) {
      SharpModels.scale(base, 8);
      assertThat(logProbs(reference)).isEqualTo(logProbs(base));
      assertThat(logProbs(model)[0]).isNotEqualTo(logProbs(base)[0]);
    }
  }

  @Test
  void mergedOnesComputeTheSame() {
    try (var model = adapted(new GptConfig(270, 8, 8, 1, 2), 1)) {
      SharpModels.spread(model.parameters(), 0.5, 7);
      model.save(directory);
      try (var merged = CausalLanguageModel.open(directory)) {
        assertThat(logProbs(merged)[0]).containsExactly(logProbs(model)[0], within(1e-5f));
      }
    }
  }

  @Test
  void comeBackToTheLastBit() {
    var files = directory.resolve("adapter");
    try (var model = adapted(new GptConfig(270, 8, 8, 1, 2), 1)) {
      SharpModels.spread(model.parameters(), 0.5, 7);
      model.reference().save(directory);
      model.saveAdapter(files, "a/base");

      assertThat(files.resolve("adapter_config.json")).content().contains("\"lora_alpha\" : 6,");
      var read = AdapterDirectory.read(files);
      assertThat(read.baseModel()).isEqualTo("a/base");
      assertThat(read.settings()).isEqualTo(LORA);
      try (var again = CausalLanguageModel.openAdapter(directory, read, Precision.FLOAT32)) {
        assertThat(again.parameters().digest()).isEqualTo(model.parameters().digest());
        assertThat(logProbs(again)).isEqualTo(logProbs(model));
      }
    }
  }

  @Test
  void trainingLeavesTheBaseAsItIs() {
    try (var model = adapted(new GptConfig(270, 8, 8, 1, 2), 1);
        var trainer = new PolicyTrainer(model, new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1), 1)) {
      var base = model.weights().digest();
      var before = model.parameters().digest();
      double first = trainer.languageModelStep(List.of(new int[] {1, 2, 3, 4}), 0.05, 1).loss();
      double last = first;
      for (int step = 0; step < 20; step++) {
        last = trainer.languageModelStep(List.of(new int[] {1, 2, 3, 4}), 0.05, 1).loss();
      }
      assertThat(last).isLessThan(first - 0.1);
      assertThat(model.weights().digest()).isEqualTo(base);
      assertThat(model.parameters().digest()).isNotEqualTo(before);
    }
  }

  @Test
  void refusesATargetThatTheModelDoesNotHave() {
    var config = new GptConfig(270, 8, 8, 1, 2);
    var lora = new LoraSettings(2, 4, 0, List.of("c_attn", "q_proj"));
    assertThatThrownBy(() -> Adapters.targets(config, lora))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "target_modules: [q_proj] (expected: all-linear, or one or more of [c_attn, c_proj, c_fc])");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"use_dora\" : false | \"use_dora\" : true | use_dora: true (expected: false)",
        "\"bias\" : \"none\" | \"bias\" : \"all\" | bias: \"all\" (expected: none)",
        "\"modules_to_save\" : null | \"modules_to_save\" : [\"lm_head\"] | modules_to_save: [\"lm_head\"]",
        "\"modules_to_save\" : null | \"rank_pattern\" : {\"c_fc\": 8} | rank_pattern: {\"c_fc\":8}",
        "\"init_lora_weights\" : true | \"init_lora_weights\" : \"pissa\" | init_lora_weights: \"pissa\"",
        "\"r\" : 2 | \"r\" : 0 | r: 0 (expected: a positive integer)",
      })
  void refusesWhatItWouldIgnore(String written, String changed, String complaint)
      throws IOException {
    var files = directory.resolve("adapter");
    try (var model = adapted(new GptConfig(270, 8, 8, 1, 2), 1)) {
      model.saveAdapter(files, "");
    }
    var config = files.resolve("adapter_config.json");
    var text = Files.readString(config);
    assertThat(text).contains(written);
    Files.writeString(config, text.replace(written, changed));

    assertThatThrownBy(() -> AdapterDirectory.read(files))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("adapter_config.json: " + complaint);
  }

  private CausalLanguageModel adapted(GptConfig config, long seed) {
    return CausalLanguageModel.initialise(
        config, tokenizer, new ModelSettings(Precision.FLOAT32, Optional.of(LORA), seed));
  }

  private static float[][] logProbs(CausalLanguageModel model) {
    return model.logProbs(SEQUENCES, 1, 2).toArray(float[][]::new);
  }
}
