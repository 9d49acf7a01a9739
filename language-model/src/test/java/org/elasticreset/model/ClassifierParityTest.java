package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classifiers compute what transformers computes of the same directory. */
class ClassifierParityTest {

  private static final float TOLERANCE = 1e-4f;

  @TempDir Path directory;

  static Stream<String> checkpoints() {
    return Stream.of("bert", "distilbert", "roberta", "gpt2", "llama")
        .flatMap(name -> Stream.of(name + "-classifier-1", name + "-classifier-3"));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void logitsAreThoseOfTransformers(String name) {
    var expected = Checkpoint.named(name);
    try (var classifier = SequenceClassifier.open(expected.copyTo(directory))) {
      var inputs = expected.tokens("rows");
      int labels = classifier.labels().size();

      var logits = logits(classifier, inputs);

      assertThat(name).endsWith("-" + labels);
      assertThat(logits).hasDimensions(inputs.size(), labels);
      for (int i = 0; i < logits.length; i++) {
        var row = Arrays.copyOfRange(expected.tensor("logits"), i * labels, (i + 1) * labels);
        assertThat(logits[i]).containsExactly(row, within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void whatIsSavedComputesAlmostTheSame(String name) {
    var expected = Checkpoint.named(name);
    var saved = directory.resolve("saved");
    try (var classifier = SequenceClassifier.open(expected.copyTo(directory))) {
      classifier.save(saved);
      try (var opened = SequenceClassifier.open(saved)) {
        var inputs = expected.tokens("rows");
        var logits = logits(classifier, inputs);
        var again = logits(opened, inputs);
        for (int i = 0; i < logits.length; i++) {
          // The weights were rounded to half precision.
          assertThat(again[i]).containsExactly(logits[i], within(2e-2f));
        }
      }
    }
  }

  private static float[][] logits(SequenceClassifier classifier, List<int[]> inputs) {
    return classifier instanceof DecoderClassifier decoder
        ? decoder.logitsOfTokens(inputs)
        : ((EncoderClassifier) classifier).logitsOfTokens(inputs);
  }
}
