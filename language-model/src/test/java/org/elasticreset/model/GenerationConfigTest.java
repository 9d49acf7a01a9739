package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {

  @TempDir Path directory;

  @Test
  void aDirectoryMayHaveNone() {
    assertThat(GenerationConfig.open(directory)).isEmpty();
  }

  @Test
  void samplesAsTheFileSays() throws IOException {
    var config =
        read(
            """
            {"do_sample": true, "temperature": 0.6, "top_k": 20, "top_p": 0.9,
             "max_new_tokens": 7, "eos_token_id": [128001, 128009], "bos_token_id": 128000,
             "pad_token_id": 128001, "repetition_penalty": 1.0, "transformers_version": "4.57.6"}
            """);

    assertThat(config.sampling(48, 64))
        .usingRecursiveComparison()
        .isEqualTo(new Sampling(0.6, 20, 0.9, false, 7, 64, new int[] {128001, 128009}));
    assertThat(config.beginToken()).hasValue(128000);
    assertThat(config.paddingToken()).hasValue(128001);
  }

  @Test
  void withoutDoSampleTheLikeliestTokenIsTaken() throws IOException {
    var config = read("{\"temperature\": 0.0, \"top_p\": 0.9, \"eos_token_id\": 2}");

    assertThat(config.sampling(48, 64))
        .usingRecursiveComparison()
        .isEqualTo(new Sampling(1, 0, 1, true, 48, 64, new int[] {2}));
  }

  @Test
  void samplingWithoutATopKIsOfTheLikeliestFiftyAsInTransformers() throws IOException {
    assertThat(read("{\"do_sample\": true}").sampling(48, 64).topK()).isEqualTo(50);
    assertThat(read("{\"do_sample\": true, \"top_k\": null}").sampling(48, 64).topK()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"repetition_penalty\": 1.05",
        "\"num_beams\": 4",
        "\"penalty_alpha\": 0.6",
        "\"no_repeat_ngram_size\": 3",
        "\"min_p\": 0.1",
        "\"typical_p\": 0.9",
        "\"suppress_tokens\": [1]",
        "\"begin_suppress_tokens\": [1]",
        "\"forced_bos_token_id\": 1",
        "\"forced_eos_token_id\": 1",
        "\"bad_words_ids\": [[1]]",
        "\"sequence_bias\": {\"a\": 1}",
        "\"min_new_tokens\": 3",
        "\"stop_strings\": \"x\"",
        "\"renormalize_logits\": true",
        "\"watermarking_config\": {}",
        "\"of_the_future\": 1"
      })
  void whatWouldChangeTheTokensIsRefusedWhenItIsToBeUsed(String setting) throws IOException {
    var config = read("{" + setting + ", \"eos_token_id\": 2}");

    assertThat(config.endTokens()).containsExactly(2);
    assertThatThrownBy(() -> config.sampling(48, 64))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("generation_config.json: {")
        .hasMessageContaining(setting.substring(1, setting.indexOf('"', 1)) + "=");
  }

  @Test
  void settingsThatDoNothingAreFine() throws IOException {
    var config =
        read(
            """
            {"num_beams": 1, "min_p": null, "suppress_tokens": [], "renormalize_logits": false,
             "no_repeat_ngram_size": 0, "forced_bos_token_id": null, "typical_p": 1.0}
            """);

    assertThat(config.refused()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
      {"temperature": -1}      | temperature: -1 (expected: 0.0 to
      {"top_p": 1.5}           | top_p: 1.5 (expected: 0.0 to 1.0)
      {"top_k": -1}            | top_k: -1 (expected: an integer of at least 0)
      {"eos_token_id": "a"}    | eos_token_id: "a" (expected: an integer or a list of integers)
      {"do_sample": 1}         | do_sample: 1 (expected: true or false)
      """)
  void wrongValuesAreRefusedByTheKey(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void temperaturesOfZeroCannotBeSampledWith() throws IOException {
    var config = read("{\"do_sample\": true, \"temperature\": 0}");

    assertThatThrownBy(() -> config.sampling(48, 64))
        .hasMessageContaining("do_sample: true with temperature 0.0 and top_p 1.0");
  }

  private GenerationConfig read(String json) throws IOException {
    Files.writeString(directory.resolve("generation_config.json"), json);
    return GenerationConfig.open(directory).orElseThrow();
  }
}
