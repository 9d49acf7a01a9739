package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a classifier's {@code config.json} may say, and what it is refused for. */
class ClassifierConfigTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
      bert    | position_embedding_type | "relative_key" | position_embedding_type: "relative_key" (expected: absolute)
      roberta | position_embedding_type | "relative_key_query" | (expected: absolute)
      bert    | is_decoder              | true      | is_decoder: true (expected: no such setting
      bert    | add_cross_attention     | true      | add_cross_attention: true (expected: no such setting
      bert    | pruned_heads            | {"0": [1]} | pruned_heads: {"0":[1]} (expected: no such setting
      bert    | quantization_config     | {"a": 1}  | quantization_config: {"a":1} (expected: no such setting
      bert    | rotary_value            | "x"       | rotary_value: "x" (expected: no such setting
      bert    | hidden_act              | "mish"    | hidden_act: "mish" (expected: one of [gelu,
      distilbert | activation           | "silu"    | activation: "silu" (expected: one of [gelu,
      distilbert | layer_norm_eps       | 1e-5      | layer_norm_eps: 1.0E-5 (expected: no such setting
      bert    | layer_norm_eps          | 0         | layer_norm_eps: 0.0 (expected: above 0, finite)
      bert    | layer_norm_eps          | 1e400     | layer_norm_eps: "Infinity" (expected: a finite number)
      bert    | type_vocab_size         | 16777217  | type_vocab_size: 16777217 (expected: 1 to 16777216)
      bert    | type_vocab_size         | 16777216  | shape: [2, 32] (expected: [16777216, 32])
      bert    | hidden_size             | 1048576   | shape: [96, 32] (expected: [96, 1048576])
      bert    | num_hidden_layers       | 1000      | tensor bert.encoder.layer.2.attention.self.query.weight: missing
      bert    | num_attention_heads     | 5         | num_attention_heads: 5 (expected: a divisor of hidden_size = 32)
      roberta | pad_token_id            | 96        | pad_token_id: 96 (expected: 0 to 95)
      roberta | pad_token_id            | 41        | max_position_embeddings: 42 (expected: above pad_token_id + 1 = 42)
      roberta | pad_token_id            | [1, 2]    | pad_token_id: [1,2] (expected: one token)
      bert    | architectures           | ["BertForMaskedLM"] | architectures: ["BertForMaskedLM"] (expected: ["BertForSequenceClassification"])
      llama   | architectures           | ["LlamaForRewardModelWithGating"] | (expected: ["LlamaForSequenceClassification"])
      gpt2    | architectures           | ["GPT2LMHeadModel"] | (expected: ["GPT2ForSequenceClassification"])
      llama   | problem_type            | "ranking" | problem_type: "ranking" (expected: single_label_classification, multi_label
      bert    | id2label                | {"0": "A", "1": "A", "2": "B"} | (expected: different labels for the ids from 0 to 2)
      bert    | id2label                | {"1": "A"} | (expected: different labels for the ids from 0 to 0)
      bert    | num_labels              | 2         | num_labels: 2 (expected: as many as in id2label, 3)
      llama   | id2label                | {"0": "A"} | tensor score.weight: shape: [3, 32] (expected: [1, 32])
      """)
  void whatWouldComputeSomethingElseIsRefusedByName(
      String architecture, String key, String value, String message) {
    var model = changed(architecture + "-classifier-3", key, value);

    assertThatThrownBy(() -> SequenceClassifier.open(model))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void labelsWithoutNamesGetThoseOfTransformers() {
    var model = changed("bert-classifier-3", "id2label", "null");
    assertThatThrownBy(() -> SequenceClassifier.open(model))
        .hasMessageContaining("tensor classifier.weight: shape: [3, 32] (expected: [2, 32])");
    set(model, "num_labels", "100001");
    assertThatThrownBy(() -> SequenceClassifier.open(model))
        .hasMessageEndingWith("num_labels: 100001 (expected: at most 100000)");
    set(model, "num_labels", "3");

    try (var classifier = SequenceClassifier.open(model)) {
      assertThat(classifier.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert-classifier-1, null, MULTI_LABEL_CLASSIFICATION",
    "bert-classifier-1, single_label_classification, MULTI_LABEL_CLASSIFICATION",
    "bert-classifier-1, regression, REGRESSION",
    "bert-classifier-3, null, SINGLE_LABEL_CLASSIFICATION",
    "bert-classifier-3, multi_label_classification, MULTI_LABEL_CLASSIFICATION",
    "gpt2-classifier-3, single_label_classification, SINGLE_LABEL_CLASSIFICATION"
  })
  void probabilitiesAreWhatTheProblemMakesOfLogits(String name, String type, ProblemType expected) {
    var model = changed(name, "problem_type", type.equals("null") ? "null" : "\"" + type + "\"");

    try (var classifier = SequenceClassifier.open(model)) {
      assertThat(classifier.problem()).isEqualTo(expected);
      var texts = List.of("one two", "two");
      var logits = classifier.logits(texts)[1];
      var probabilities = classifier.probabilities(texts)[1];
      switch (expected) {
        case REGRESSION -> assertThat(probabilities).isEqualTo(logits);
        case MULTI_LABEL_CLASSIFICATION ->
            assertThat((double) probabilities[0])
                .isCloseTo(1 / (1 + Math.exp(-logits[0])), within(1e-6));
        case SINGLE_LABEL_CLASSIFICATION ->
            assertThat(Math.log(probabilities[1] / probabilities[0]))
                .isCloseTo(logits[1] - logits[0], within(1e-5));
      }
    }
  }

  @Test
  void sizesThatAreNotThereAreMissedByName() {
    var model = changed("bert-classifier-1", "intermediate_size", "null");

    assertThatThrownBy(() -> SequenceClassifier.open(model))
        .hasMessageEndingWith("intermediate_size: null (expected: a positive integer)");
  }

  private Path changed(String checkpoint, String key, String value) {
    var model = Checkpoint.named(checkpoint).copyTo(directory);
    set(model, key, value);
    return model;
  }

  private static void set(Path model, String key, String value) {
    var file = model.resolve("config.json");
    var config = JsonFile.open(file).root();
    try {
      config.set(key, JsonFile.MAPPER.readTree(value));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(value, e);
    }
    JsonFile.write(file, config);
  }
}
