package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.text.LabelledText;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderClassifierTest {

  private static final List<String> LABELS = List.of("FOOD", "WEATHER");
  private static final EncoderConfig SIZES = new EncoderConfig(320, 32, 16, 2, 2, 32);

  @TempDir Path directory;

  @Test
  void aScoreDoesNotDependOnItsBatchMates() {
    try (var classifier = untrained()) {
      var texts = ToyTexts.labelled(9, 2, 3).stream().map(LabelledText::text).toList();

      var together = classifier.probabilities(texts);

      for (int i = 0; i < texts.size(); i++) {
        var alone = classifier.probabilities(List.of(texts.get(i)))[0];
        assertThat(together[i]).usingComparatorWithPrecision(1e-6f).containsExactly(alone);
      }
    }
  }

  @Test
  void rowsAreProbabilities() {
    try (var classifier = untrained()) {
      for (var row : classifier.probabilities(List.of("", "rain", "rain and soup"))) {
        assertThat(row).hasSize(2);
        assertThat(row[0] + row[1]).isCloseTo(1, within(1e-6f));
      }
      assertThat(classifier.probabilities(List.of())).isEmpty();
    }
  }

  @Test
  void aLongTextKeepsItsFirstQuarterAndItsEnd() {
    try (var classifier = untrained()) {
      var text = new int[100];
      for (int i = 0; i < text.length; i++) {
        text[i] = i;
      }

      var kept = classifier.classified(text);

      // [CLS] is token 1.
      assertThat(kept).hasSize(32).startsWith(1, 0, 1, 2, 3, 4, 5, 6, 76, 77).endsWith(98, 99);
      assertThat(classifier.classified(new int[31])).hasSize(32);
    }
  }

  @Test
  void whatIsSavedScoresTheSameWhenOpened() {
    var again = directory.resolve("again");
    var texts = List.of("soup today", "we saw the rain");
    try (var original = untrained()) {
      original.save(directory);
      try (var opened = SequenceClassifier.open(directory)) {
        opened.save(again);
        try (var reopened = SequenceClassifier.open(again)) {
          assertThat(reopened.labels()).isEqualTo(LABELS);
          assertThat(reopened.probabilities(texts)).isDeepEqualTo(opened.probabilities(texts));
          // The weights were rounded to half precision once.
          assertThat(opened.probabilities(texts)[1])
              .usingComparatorWithPrecision(1e-3f)
              .containsExactly(original.probabilities(texts)[1]);
        }
      }
    }
  }

  @Test
  void writesTheLayoutOfDistilBert() {
    try (var classifier = untrained()) {
      classifier.save(directory);
    }

    var config = JsonFile.open(directory.resolve("config.json")).root();
    assertThat(config.get("model_type").asText()).isEqualTo("distilbert");
    assertThat(config.at("/architectures/0").asText())
        .isEqualTo("DistilBertForSequenceClassification");
    assertThat(config.at("/id2label/1").asText()).isEqualTo("WEATHER");
    assertThat(config.at("/label2id/WEATHER").asInt()).isEqualTo(1);
    assertThat(SafeTensors.read(directory.resolve("model.safetensors")))
        .hasSize(4 + 2 * 16 + 4)
        .extracting(SafeTensors.Tensor::name)
        .contains(
            "distilbert.embeddings.LayerNorm.bias",
            "distilbert.transformer.layer.1.attention.out_lin.weight",
            "distilbert.transformer.layer.0.ffn.lin2.bias",
            "distilbert.transformer.layer.1.output_layer_norm.weight",
            "pre_classifier.weight",
            "classifier.bias");
  }

  @Test
  void refusesAnUnknownModelType() {
    saveWith(config -> config.put("model_type", "bart"));

    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(
            "config.json: model_type: \"bart\""
                + " (expected: one of [bert, distilbert, gpt2, hashed-ngram,"
                + " llama, mistral, qwen2, roberta])");
  }

  @Test
  void refusesHeadsThatDoNotDivideTheWidth() {
    saveWith(config -> config.put("n_heads", 3));

    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .hasMessageEndingWith("config.json: n_heads: 3 (expected: a divisor of dim = 16)");
  }

  @Test
  void refusesWeightsOfAnotherShape() {
    saveWith(config -> config.put("hidden_dim", 64));

    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(
            "tensor distilbert.transformer.layer.0.ffn.lin1.weight: shape: [32, 16]")
        .hasMessageContaining("expected: [64, 16]");
  }

  @Test
  void refusesNoLabels() {
    saveWith(config -> config.putObject("id2label"));

    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("id2label: {} (expected: an object from ids to one or more labels)");
  }

  @Test
  void saysWhichLabelsThereAre() {
    try (var classifier = untrained()) {
      assertThat(classifier.labelIndex("WEATHER")).isEqualTo(1);
      assertThatThrownBy(() -> classifier.labelIndex("POSITIVE"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("label: POSITIVE (expected: one of [FOOD, WEATHER])");
    }
  }

  @Test
  void refusesAnEmptyDirectory() {
    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json: no such file");
  }

  private void saveWith(Consumer<ObjectNode> change) {
    try (var classifier = untrained()) {
      classifier.save(directory);
    }
    var file = directory.resolve("config.json");
    var config = JsonFile.open(file).root();
    change.accept(config);
    JsonFile.write(file, config);
  }

  private EncoderClassifier untrained() {
    var vocabulary = directory.resolve("vocabulary").resolve("tokenizer.json");
    try {
      Files.createDirectories(vocabulary.getParent());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    new BpeTrainer(300, true, List.of("[PAD]", "[CLS]", "[UNK]"))
        .train(ToyTexts.labelled(30, 2, 1).stream().map(LabelledText::text), vocabulary);
    return EncoderClassifier.initialise(SIZES, LABELS, Tokenizer.open(vocabulary), 5);
  }
}
