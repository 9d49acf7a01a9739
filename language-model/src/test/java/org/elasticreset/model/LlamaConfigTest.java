package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LlamaConfigTest {

  private static final String SIZES =
      """
      "vocab_size": 100, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 4,
      "num_attention_heads": 4, "max_position_embeddings": 128""";

  @TempDir Path directory;

  @Test
  void leavesToTheDefaultsOfTransformersWhatIsNotSaid() throws IOException {
    var config = read("\"model_type\": \"llama\"");
    assertThat(config.keyValueHeads()).isEqualTo(4);
    assertThat(config.headSize()).isEqualTo(8);
    assertThat(config.epsilon()).isEqualTo(1e-6);
    assertThat(config.tied()).isFalse();
    assertThat(config.window()).isZero();
    assertThat(config.rotary()).isEqualTo(new RotaryAngles(10_000, new RotaryAngles.Unscaled()));
  }

  @Test
  void aMistralSeesAWindowUnlessItSaysNot() throws IOException {
    assertThat(read("\"model_type\": \"mistral\"").window()).isEqualTo(4096);
    assertThat(read("\"model_type\": \"mistral\", \"sliding_window\": null").window()).isZero();
    assertThat(read("\"model_type\": \"mistral\", \"sliding_window\": 8").window()).isEqualTo(8);
  }

  @Test
  void aQwenSeesAWindowOnlyIfItSaysSo() throws IOException {
    var without = read("\"model_type\": \"qwen2\", \"sliding_window\": 8");
    assertThat(without.window()).isZero();
    assertThat(without.queryBias()).isTrue();
    assertThat(without.outputBias()).isFalse();
    var with =
        read(
            """
            "model_type": "qwen2", "sliding_window": 8, "use_sliding_window": true,
            "max_window_layers": 3""");
    assertThat(with.window()).isEqualTo(8);
    assertThat(with.firstWindowedLayer()).isEqualTo(3);
  }

  @Test
  void readsRotaryParametersOfEitherLayout() throws IOException {
    var scaled = new RotaryAngles(5e5, new RotaryAngles.Linear(4));
    assertThat(
            read("""
                    "model_type": "llama", "rope_theta": 500000,
                    "rope_scaling": {"type": "linear", "factor": 4}""")
                .rotary())
        .isEqualTo(scaled);
    assertThat(
            read("""
                    "model_type": "llama",
                    "rope_parameters": {"rope_type": "linear", "factor": 4, "rope_theta": 500000}""")
                .rotary())
        .isEqualTo(scaled);
  }

  @Test
  void slowsDownLongWavesOnly() {
    var rotary = new RotaryAngles(10_000, new RotaryAngles.Llama3(8, 1, 4, 8192));
    var plain = new RotaryAngles(10_000, new RotaryAngles.Unscaled()).inverseFrequencies(128);
    var scaled = rotary.inverseFrequencies(128);
    assertThat(scaled[0]).isEqualTo(plain[0]);
    assertThat(scaled[63]).isEqualTo((float) (plain[63] / 8));
    assertThat(List.of(scaled[45] / plain[45])).allMatch(ratio -> ratio > 0.125 && ratio < 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"hidden_act\": \"gelu\" | hidden_act: \"gelu\" (expected: silu)",
        "\"mlp_bias\": true | mlp_bias: true (expected: false)",
        "\"pretraining_tp\": 2 | pretraining_tp: 2 (expected: 1.0)",
        "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4} | rope_scaling.rope_type: yarn (expected: default, linear or llama3)",
        "\"rope_scaling\": {\"rope_type\": \"linear\"} | rope_scaling.factor: missing (expected: a number)",
        "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 4, \"beta_fast\": 32} | rope_scaling.beta_fast: 32",
        "\"quantization_config\": {\"bits\": 4} | quantization_config: {\"bits\":4}",
        "\"sliding_window\": 8 | sliding_window: 8",
        "\"num_key_value_heads\": 3 | num_key_value_heads: 3 (expected: a divisor of num_attention_heads, 4)",
        "\"head_dim\": 7 | head_dim: 7 (expected: an even number)",
        "\"embedding_multiplier\": 12.0 | embedding_multiplier: 12.0",
        "\"rms_norm_eps\": 0 | rms_norm_eps: 0.0 (expected: above 0, finite)",
      })
  void refusesByNameWhatItDoesNotCompute(String setting, String complaint) {
    assertThatThrownBy(() -> read("\"model_type\": \"llama\", " + setting))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json: " + complaint);
  }

  private LlamaConfig read(String settings) throws IOException {
    var file = directory.resolve("config.json");
    Files.writeString(file, "{" + SIZES + ", " + settings + "}");
    return (LlamaConfig) DecoderConfig.read(JsonFile.open(file));
  }
}
