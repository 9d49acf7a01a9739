package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.algorithm.ActionMask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** NLPO's masked action space, held to {@link ActionMask} over every token of the vocabulary. */
class MaskedGenerationTest {

  private static final int VOCABULARY = 40;
  private static final double TOP_P = 0.6;
  private static final double TEMPERATURE = 0.8;
  private static final Sampling SAMPLING =
      new Sampling(TEMPERATURE, 0, 1, false, 10, 12, new int[] {3});

  private static CausalLanguageModel policy;
  private static CausalLanguageModel masking;
  private static TokenMask mask;

  @BeforeAll
  static void sharpModels() {
    policy = CausalLanguageModel.initialise(new GptConfig(VOCABULARY, 32, 32, 2, 4), null, 7);
    SharpModels.scale(policy, 6);
    masking = policy.copy();
    SharpModels.scale(masking, 1.1f);
    mask = TokenMask.of(masking.parameters(), TOP_P);
  }

  @AfterAll
  static void close() {
    masking.close();
    policy.close();
  }

  @Test
  void drawsOnlyWhatTheMaskLeavesAndSaysHowLikelyThatWas() {
    int cut = 0;
    for (var generation : policy.generate(requests(), SAMPLING, Precision.FLOAT32, mask)) {
      for (int t = 0; t < generation.responseTokens().length; t++) {
        double[] expected = maskedLogProbs(generation, t);
        int drawn = generation.responseTokens()[t];
        assertThat((double) generation.logProbs()[t]).isCloseTo(expected[drawn], within(1e-4));
        cut += Arrays.stream(expected).anyMatch(Double::isInfinite) ? 1 : 0;
      }
    }
    assertThat(cut).isGreaterThan(100);
  }

  @Test
  void trainerSeesTheDistributionThatTheTokensWereDrawnFrom() {
    var generations = policy.generate(requests(), SAMPLING, Precision.FLOAT32, mask);
    var sequences =
        generations.stream()
            .map(g -> new TokenSequence(g.promptTokens(), g.responseTokens()))
            .toList();
    try (var trainer = new PolicyTrainer(policy, OptimizerSettings.DEFAULT, 1)) {
      var evaluations = trainer.evaluate(sequences, TEMPERATURE, 7, mask);
      for (int i = 0; i < generations.size(); i++) {
        var generation = generations.get(i);
        assertThat(evaluations.get(i).logProbs())
            .containsExactly(generation.logProbs(), within(1e-4f));
        for (int t = 0; t < generation.responseTokens().length; t++) {
          assertThat((double) evaluations.get(i).entropies()[t])
              .isCloseTo(entropy(maskedLogProbs(generation, t)), within(1e-4));
        }
      }
    }
  }

  @Test
  void policyThatMasksItselfIsSampledFromItsOwnTopP() {
    var topP = new Sampling(TEMPERATURE, 0, TOP_P, false, 10, 12, new int[] {3});
    var cut = policy.generate(requests(), topP);

    var masked =
        policy.generate(
            requests(), SAMPLING, Precision.FLOAT32, TokenMask.of(policy.parameters(), TOP_P));

    for (int i = 0; i < cut.size(); i++) {
      assertThat(masked.get(i).responseTokens()).isEqualTo(cut.get(i).responseTokens());
      assertThat(masked.get(i).logProbs()).isEqualTo(cut.get(i).logProbs());
    }
  }

  @Test
  void topPIsAShare() {
    assertThatThrownBy(() -> TokenMask.of(policy.parameters(), 0))
        .hasMessage("topP: 0.0 (expected: 0 < topP <= 1)");
  }

  /** By hand: the probability of every token behind the first {@code t} of the response. */
  private static double[] maskedLogProbs(Generation generation, int t) {
    return ActionMask.masked(
        logProbs(policy, generation, t), ActionMask.topP(logProbs(masking, generation, t), TOP_P));
  }

  private static double[] logProbs(CausalLanguageModel model, Generation generation, int t) {
    int prompt = generation.promptTokens().length;
    var prefix = Arrays.copyOf(generation.promptTokens(), prompt + t);
    System.arraycopy(generation.responseTokens(), 0, prefix, prompt, t);
    var sequences = new ArrayList<TokenSequence>();
    for (int token = 0; token < VOCABULARY; token++) {
      sequences.add(new TokenSequence(prefix, new int[] {token}));
    }
    return model.logProbs(sequences, TEMPERATURE, VOCABULARY).stream()
        .mapToDouble(logProb -> logProb[0])
        .toArray();
  }

  private static double entropy(double[] logProbs) {
    return -Arrays.stream(logProbs).filter(Double::isFinite).map(l -> Math.exp(l) * l).sum();
  }

  private static List<GenerationRequest> requests() {
    var random = new SplittableRandom(5);
    var requests = new ArrayList<GenerationRequest>();
    for (int i = 0; i < 20; i++) {
      requests.add(
          new GenerationRequest(
              random.ints(1 + i % 12, 0, VOCABULARY).toArray(), random.nextLong()));
    }
    return requests;
  }
}
