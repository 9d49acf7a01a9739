package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PolicyTrainerTest {

  private static final GptConfig SMALL = new GptConfig(50, 16, 32, 2, 4);

  @Test
  void firstLossIsThatOfAUniformGuess() {
    try (var model = CausalLanguageModel.initialise(SMALL, null, 1);
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var statistics = trainer.languageModelStep(texts(8, 17, 3), 0.001, 8);
      assertThat(statistics.loss()).isCloseTo(Math.log(50), within(0.05));
      assertThat(statistics.tokens()).isEqualTo(8 * 16);
    }
  }

  @Test
  void learnsASmallCorpusByHeart() {
    try (var model = CausalLanguageModel.initialise(SMALL, null, 1);
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var texts = texts(4, 12, 5);
      double loss = 0;
      for (int step = 0; step < 150; step++) {
        loss = trainer.languageModelStep(texts, 0.01, 4).loss();
      }
      assertThat(loss).isLessThan(0.1);
    }
  }

  /** Random tokens; the first length, the next one shorter, and so on. */
  static List<int[]> texts(int count, int length, long seed) {
    var random = new SplittableRandom(seed);
    var texts = new ArrayList<int[]>();
    for (int i = 0; i < count; i++) {
      texts.add(random.ints(length, 0, 50).toArray());
    }
    return texts;
  }
}
