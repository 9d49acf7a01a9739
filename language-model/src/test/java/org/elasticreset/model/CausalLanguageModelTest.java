package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CausalLanguageModelTest {

  private static final GptConfig CONFIG = new GptConfig(30, 16, 24, 3, 3);

  private final CausalLanguageModel model = CausalLanguageModel.initialise(CONFIG, null, 5);

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void theProgramIsGpt2() {
    SharpModels.scale(model, 7);
    var tokens = new SplittableRandom(1).ints(14, 0, 30).toArray();
    var sequence =
        new TokenSequence(Arrays.copyOf(tokens, 1), Arrays.copyOfRange(tokens, 1, tokens.length));
    var plain = new PlainGpt2(model).logProbs(tokens);
    var logProbs = model.logProbs(List.of(sequence), 1, 1).get(0);
    for (int s = 0; s < plain.length; s++) {
      assertThat((double) logProbs[s]).isCloseTo(plain[s], within(1e-4));
    }
  }

  @Test
  void logProbsDoNotDependOnTheBatch() {
    SharpModels.scale(model, 7);
    var random = new SplittableRandom(2);
    var sequences =
        List.of(
            new TokenSequence(new int[] {1}, random.ints(14, 0, 30).toArray()),
            new TokenSequence(random.ints(9, 0, 30).toArray(), new int[] {3}),
            new TokenSequence(random.ints(2, 0, 30).toArray(), random.ints(5, 0, 30).toArray()));
    var together = model.logProbs(sequences, 1.5, 3);
    var alone = model.logProbs(sequences, 1.5, 1);
    for (int i = 0; i < 3; i++) {
      assertThat(together.get(i)).containsExactly(alone.get(i), within(1e-5f));
    }
  }

  @Test
  void theSameSeedInitialisesTheSameModel() {
    try (var same = CausalLanguageModel.initialise(CONFIG, null, 5);
        var other = CausalLanguageModel.initialise(CONFIG, null, 6)) {
      assertThat(same.parameters().digest()).isEqualTo(model.parameters().digest());
      assertThat(other.parameters().digest()).isNotEqualTo(model.parameters().digest());
    }
  }

  @Test
  void aCopyStaysWhatItWas() {
    var digest = model.parameters().digest();
    try (var reference = model.copy();
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      trainer.languageModelStep(List.of(new int[] {1, 2, 3}), 1e-2, 1);
      assertThat(reference.parameters().digest()).isEqualTo(digest);
      assertThat(model.parameters().digest()).isNotEqualTo(digest);
    }
  }

  @Test
  void generationFromACopyIsUndisturbedByTraining() {
    SharpModels.scale(model, 5);
    var requests =
        List.of(
            new GenerationRequest(new int[] {1, 2}, 1), new GenerationRequest(new int[] {3}, 2));
    var sampling = Sampling.untruncated(12, 4);
    try (var snapshot = model.copy();
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var alone = snapshot.generate(requests, sampling);
      var training =
          CompletableFuture.runAsync(
              () -> {
                for (int step = 0; step < 40; step++) {
                  trainer.languageModelStep(List.of(new int[] {1, 2, 3, 4, 5, 6}), 1e-2, 1);
                }
              });
      do {
        var meanwhile = snapshot.generate(requests, sampling);
        for (int i = 0; i < requests.size(); i++) {
          assertThat(meanwhile.get(i).responseTokens()).isEqualTo(alone.get(i).responseTokens());
          assertThat(meanwhile.get(i).logProbs()).isEqualTo(alone.get(i).logProbs());
        }
      } while (!training.isDone());
      training.join();
    }
  }

  @Test
  void badShapesAreNamed() {
    assertThatThrownBy(() -> new GptConfig(30, 16, 25, 3, 3))
        .hasMessage("n_embd: 25 (expected: a multiple of n_head, 3)");
    assertThatThrownBy(() -> new GptConfig(30, 0, 24, 3, 3))
        .hasMessage("n_positions: 0 (expected: 1 to 16777216)");
    assertThatThrownBy(() -> CONFIG.withEndTokens(30))
        .hasMessage("eos_token_id: 30 (expected: 0 to 29)");
  }

  @Test
  void aModelMadeWithoutTokenizerSaysSo() {
    assertThatThrownBy(model::tokenizer).hasMessage("the model has no tokenizer");
  }
}
