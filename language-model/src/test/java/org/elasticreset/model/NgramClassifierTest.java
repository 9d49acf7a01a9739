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

class NgramClassifierTest {

  private static final int BINS = 1 << 12;

  @TempDir Path directory;

  @Test
  void featuresAreWordsAndPairsEachOnce() {
    var once = NgramFeatures.of("Good soup", BINS);

    assertThat(once).hasSize(3).isSorted();
    assertThat(NgramFeatures.of("good soup, GOOD SOUP", BINS)).hasSize(4); // and "soup good"
    assertThat(NgramFeatures.of("", BINS)).isEmpty();
    assertThat(NgramFeatures.of("soup good", BINS)).isNotEqualTo(once);
  }

  @Test
  void scoresAreWeightsOverTheRootOfTheirNumber() {
    var weight = new float[BINS * 2];
    for (int feature : NgramFeatures.of("good soup", BINS)) {
      weight[feature * 2 + 1] = 2;
    }
    var classifier =
        new NgramClassifier(new Labels(List.of("BAD", "GOOD")), BINS, weight, new float[] {1, 0});

    var good = classifier.probabilities(List.of("good soup"))[0][1];

    double score = 3 * 2 / Math.sqrt(3) - 1;
    assertThat((double) good).isCloseTo(1 / (1 + Math.exp(-score)), within(1e-6));
    assertThat((double) classifier.probabilities(List.of(""))[0][0])
        .isCloseTo(1 / (1 + Math.exp(-1)), within(1e-6));
  }

  @Test
  void whatIsSavedScoresTheSameWhenOpened() {
    var again = directory.resolve("again");
    var texts = List.of("soup and bread", "thunder", "");
    var trainer = new NgramTrainer(new Labels(List.of("A", "B")), BINS, samples(), 1);
    trainer.epoch(samples());
    trainer.classifier().save(directory);

    try (var opened = SequenceClassifier.open(directory)) {
      opened.save(again);
      assertThat(SequenceClassifier.open(again).probabilities(texts))
          .isDeepEqualTo(opened.probabilities(texts));
    }
  }

  @Test
  void trainingIsReproducibleFromItsSeed() {
    var texts = List.of("soup and bread");
    assertThat(trained(1).probabilities(texts)).isDeepEqualTo(trained(1).probabilities(texts));
    assertThat(trained(1).probabilities(texts)[0]).isNotEqualTo(trained(2).probabilities(texts)[0]);
  }

  @Test
  void refusesBinsThatAreNoPowerOfTwo() {
    trained(1).save(directory);
    var file = directory.resolve("config.json");
    var config = JsonFile.open(file).root().put("bins", 1000);
    JsonFile.write(file, config);

    assertThatThrownBy(() -> SequenceClassifier.open(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("config.json: bins: 1000 (expected: a power of two)");
  }

  private static NgramClassifier trained(long seed) {
    var trainer = new NgramTrainer(new Labels(List.of("A", "B")), BINS, samples(), seed);
    trainer.epoch(samples());
    return trainer.classifier();
  }

  private static List<NgramTrainer.Sample> samples() {
    return ToyTexts.labelled(40, 2, 3).stream()
        .map(
            text ->
                new NgramTrainer.Sample(
                    NgramFeatures.of(text.text(), BINS), text.label().equals("FOOD") ? 0 : 1))
        .toList();
  }
}
