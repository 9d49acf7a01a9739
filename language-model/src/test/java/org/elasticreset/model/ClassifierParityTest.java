package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiny classifiers that transformers made, and what it makes of them; see test/fixtures. */
class ClassifierParityTest {

  private static final Path CHECKPOINTS = Path.of("src/test/resources/checkpoints");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"bert, 1", "bert, 3", "distilbert, 1", "distilbert, 3", "roberta, 1", "roberta, 3"})
  void logitsAreThoseOfTransformers(String architecture, int labels) throws IOException {
    var fixture = CHECKPOINTS.resolve(architecture + "-classifier-" + labels);
    for (var name : List.of("config.json", "model.safetensors")) {
      Files.copy(fixture.resolve(name), directory.resolve(name));
    }
    Files.writeString(directory.resolve(Tokenizer.FILE), TOKENIZER);
    var rows = new ArrayList<int[]>();
    for (var row : JsonFile.open(fixture.resolve("expected.json")).root().get("rows")) {
      rows.add(JsonFile.MAPPER.convertValue(row, int[].class));
    }
    var expected = SafeTensors.read(fixture.resolve("expected.safetensors")).get(0);

    try (var classifier = (EncoderClassifier) SequenceClassifier.open(directory)) {
      var logits = classifier.logitsOfTokens(rows);

      var flat = expected.floats();
      for (int i = 0; i < rows.size(); i++) {
        assertThat(logits[i]).hasSize(labels);
        for (int label = 0; label < labels; label++) {
          assertThat(logits[i][label]).isCloseTo(flat[i * labels + label], within(1e-4f));
        }
      }
    }
  }

  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [],
       "model": {"type": "WordPiece", "unk_token": "[CLS]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100, "vocab": {"[CLS]": 0}}}
      """;
}
