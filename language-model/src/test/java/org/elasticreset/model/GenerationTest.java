package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GenerationTest {

  private static final int VOCABULARY = 40;
  private static final GptConfig CONFIG = new GptConfig(VOCABULARY, 32, 32, 2, 4);

  private static CausalLanguageModel model;

  @BeforeAll
  static void sharpModel() {
    model = CausalLanguageModel.initialise(CONFIG, null, 7);
    SharpModels.scale(model, 6);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void cachedGenerationEqualsAFullForwardPass() {
    var sampling = new Sampling(0.8, 0, 1, false, 20, 12, new int[0]);
    var generations = model.generate(requests(12, 1), sampling);
    var full = model.logProbs(sequences(generations), 0.8, 5);
    for (int i = 0; i < full.size(); i++) {
      assertThat(generations.get(i).logProbs()).containsExactly(full.get(i), within(1e-4f));
    }
  }

  @Test
  void aResponseDependsOnItsSeedAndNotOnItsBatch() {
    var sampling = Sampling.untruncated(16, 12);
    var requests = requests(10, 2);
    var together = model.generate(requests, sampling);
    var reversed = new ArrayList<>(requests);
    Collections.reverse(reversed);
    var backwards = model.generate(reversed, sampling);
    for (int i = 0; i < requests.size(); i++) {
      var alone = model.generate(List.of(requests.get(i)), sampling).get(0);
      assertThat(together.get(i).responseTokens()).isEqualTo(alone.responseTokens());
      assertThat(backwards.get(requests.size() - 1 - i).responseTokens())
          .isEqualTo(alone.responseTokens());
    }
  }

  @Test
  void batchesOfSeveralThreadsAnswerInTheOrderOfTheRequests() {
    var sampling = Sampling.untruncated(16, 12);
    var requests = requests(11, 2);
    try {
      Engine.useThreads(1);
      var byOne = model.generate(requests, sampling);
      Engine.useThreads(3);
      var byThree = model.generate(requests, sampling);

      for (int i = 0; i < requests.size(); i++) {
        assertThat(byThree.get(i).promptTokens()).isEqualTo(byOne.get(i).promptTokens());
        assertThat(byThree.get(i).responseTokens()).isEqualTo(byOne.get(i).responseTokens());
        assertThat(byThree.get(i).logProbs())
            .containsExactly(byOne.get(i).logProbs(), within(1e-5f));
      }
      assertThat(model.generate(requests.subList(0, 2), sampling)).hasSize(2);
      assertThatThrownBy(() -> model.generate(requests, Sampling.untruncated(30, 12)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("prompt of ");
    } finally {
      Engine.useThreads(Runtime.getRuntime().availableProcessors());
    }
  }

  @Test
  void drawsFollowTheDistributionOfTheModel() {
    double[] expected = nextTokenProbabilities(1.3);
    double[] drawn = drawnShares(new Sampling(1.3, 0, 1, false, 1, 4, new int[0]));
    assertThat(totalVariation(expected, drawn)).isLessThan(0.05);
  }

  @Test
  void topKLeavesTheLikeliestTokens() {
    double[] probabilities = nextTokenProbabilities(1);
    double[] sorted = descending(probabilities);
    double[] expected = renormalised(probabilities, sorted[4]);
    double[] drawn = drawnShares(new Sampling(1, 5, 1, false, 1, 4, new int[0]));
    assertThat(support(drawn)).isEqualTo(support(expected));
    assertThat(totalVariation(expected, drawn)).isLessThan(0.05);
  }

  @Test
  void topPLeavesTheFewestTokensThatReachTheMass() {
    double[] probabilities = nextTokenProbabilities(1);
    double[] sorted = descending(probabilities);
    double mass = 0;
    int count = 0;
    while (mass < 0.7) {
      mass += sorted[count++];
    }
    double[] expected = renormalised(probabilities, sorted[count - 1]);
    double[] drawn = drawnShares(new Sampling(1, 0, 0.7, false, 1, 4, new int[0]));
    assertThat(support(drawn)).isEqualTo(support(expected));
    assertThat(totalVariation(expected, drawn)).isLessThan(0.05);
  }

  @Test
  void truncatedLogProbsAreOfTheDistributionDrawnFrom() {
    double[] probabilities = nextTokenProbabilities(1);
    double[] expected = renormalised(probabilities, descending(probabilities)[2]);
    for (var generation :
        model.generate(samePrompt(50), new Sampling(1, 3, 1, false, 1, 4, new int[0]))) {
      assertThat(Math.exp(generation.logProbs()[0]))
          .isCloseTo(expected[generation.responseTokens()[0]], within(1e-5));
    }
  }

  @Test
  void greedyTakesTheLikeliestTokenWhateverTheSeed() {
    var sampling = new Sampling(1, 0, 1, true, 5, 4, new int[0]);
    var generations = model.generate(samePrompt(3), sampling);
    double[] probabilities = nextTokenProbabilities(1);
    int first = generations.get(0).responseTokens()[0];
    assertThat(probabilities[first]).isEqualTo(descending(probabilities)[0]);
    assertThat(generations)
        .allSatisfy(
            g -> assertThat(g.responseTokens()).isEqualTo(generations.get(0).responseTokens()));
  }

  @Test
  void aStopTokenEndsAResponseAndOnlyThatOne() {
    var free = model.generate(requests(8, 3), Sampling.untruncated(16, 12));
    int stop = free.get(0).responseTokens()[3];
    var stopped =
        model.generate(requests(8, 3), new Sampling(1, 0, 1, false, 16, 12, new int[] {stop, 39}));
    for (int i = 0; i < free.size(); i++) {
      int[] expected = upToStop(free.get(i).responseTokens(), stop, 39);
      assertThat(stopped.get(i).responseTokens()).isEqualTo(expected);
      assertThat(stopped.get(i).logProbs()).hasSize(expected.length);
      int last = expected[expected.length - 1];
      assertThat(stopped.get(i).stopped()).isEqualTo(last == stop || last == 39);
    }
    assertThat(stopped.get(0).stopped()).isTrue();
  }

  @Test
  void longPromptsKeepTheirLastTokens() {
    var request = new GenerationRequest(new int[] {1, 2, 3, 4, 5, 6}, 9);
    var generation = model.generate(List.of(request), Sampling.untruncated(4, 3)).get(0);
    assertThat(generation.promptTokens()).containsExactly(4, 5, 6);
    var shortRequest = new GenerationRequest(new int[] {4, 5, 6}, 9);
    assertThat(generation.responseTokens())
        .isEqualTo(
            model
                .generate(List.of(shortRequest), Sampling.untruncated(4, 3))
                .get(0)
                .responseTokens());
  }

  @Test
  void promptAndResponseMustFitThePositions() {
    assertThatThrownBy(() -> model.generate(requests(5, 4), Sampling.untruncated(30, 12)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("30 new tokens")
        .hasMessageContaining("n_positions, 32");
  }

  @Test
  void unknownTokensAreNamed() {
    var request = new GenerationRequest(new int[] {1, VOCABULARY}, 1);
    assertThatThrownBy(() -> model.generate(List.of(request), Sampling.untruncated(1, 4)))
        .hasMessage("token: 40 (expected: 0 to 39)");
  }

  @Test
  void badSamplingIsNamed() {
    assertThatThrownBy(() -> new Sampling(0, 0, 1, false, 1, 1, new int[0]))
        .hasMessage("temperature: 0.0 (expected: above 0)");
    assertThatThrownBy(() -> new Sampling(1, 0, 1.5, false, 1, 1, new int[0]))
        .hasMessage("topP: 1.5 (expected: 0 < topP <= 1)");
  }

  @Test
  void perplexityIsThatOfTheLogProbsOfItsWindows() {
    var text = new SplittableRandom(3).ints(70, 0, VOCABULARY).toArray();
    double nll = 0;
    for (int[] range : new int[][] {{0, 33}, {32, 65}, {64, 70}}) {
      var window = Arrays.copyOfRange(text, range[0], range[1]);
      var sequence =
          new TokenSequence(new int[] {window[0]}, Arrays.copyOfRange(window, 1, window.length));
      for (float logProb : model.logProbs(List.of(sequence), 1, 1).get(0)) {
        nll -= logProb;
      }
    }
    assertThat(model.perplexity(List.of(text, new int[] {5}), 2))
        .isCloseTo(Math.exp(nll / 69), within(1e-3));
  }

  private static double[] drawnShares(Sampling sampling) {
    int draws = 4000;
    var shares = new double[VOCABULARY];
    for (var generation : model.generate(samePrompt(draws), sampling)) {
      shares[generation.responseTokens()[0]] += 1.0 / draws;
    }
    return shares;
  }

  private static double[] nextTokenProbabilities(double temperature) {
    var sequences = new ArrayList<TokenSequence>();
    for (int token = 0; token < VOCABULARY; token++) {
      sequences.add(new TokenSequence(new int[] {3, 1, 4}, new int[] {token}));
    }
    return model.logProbs(sequences, temperature, VOCABULARY).stream()
        .mapToDouble(logProb -> Math.exp(logProb[0]))
        .toArray();
  }

  private static List<GenerationRequest> samePrompt(int count) {
    var requests = new ArrayList<GenerationRequest>();
    for (int i = 0; i < count; i++) {
      requests.add(new GenerationRequest(new int[] {3, 1, 4}, 0x9E3779B97F4A7C15L * i));
    }
    return requests;
  }

  private static List<GenerationRequest> requests(int count, long seed) {
    var random = new SplittableRandom(seed);
    var requests = new ArrayList<GenerationRequest>();
    for (int i = 0; i < count; i++) {
      var prompt = random.ints(1 + i % 12, 0, VOCABULARY).toArray();
      requests.add(new GenerationRequest(prompt, random.nextLong()));
    }
    return requests;
  }

  private static List<TokenSequence> sequences(List<Generation> generations) {
    return generations.stream()
        .map(g -> new TokenSequence(g.promptTokens(), g.responseTokens()))
        .toList();
  }

  private static int[] upToStop(int[] tokens, int... stop) {
    for (int i = 0; i < tokens.length; i++) {
      for (int token : stop) {
        if (tokens[i] == token) {
          return Arrays.copyOf(tokens, i + 1);
        }
      }
    }
    return tokens;
  }

  private static double[] descending(double[] values) {
    return Arrays.stream(values).map(v -> -v).sorted().map(v -> -v).toArray();
  }

  private static double[] renormalised(double[] probabilities, double least) {
    double total = Arrays.stream(probabilities).filter(p -> p >= least).sum();
    return Arrays.stream(probabilities).map(p -> p >= least ? p / total : 0).toArray();
  }

  private static List<Boolean> support(double[] shares) {
    return Arrays.stream(shares).mapToObj(share -> share > 0).toList();
  }

  private static double totalVariation(double[] p, double[] q) {
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.abs(p[i] - q[i]) / 2;
    }
    return sum;
  }
}
