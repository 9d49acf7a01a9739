package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PolicyTrainerTest {

  private static final GptConfig CONFIG = new GptConfig(50, 16, 32, 2, 4);
  private static final PpoSettings SETTINGS = new PpoSettings(0.2, 0.2, 0.5, 0.01, 0.8);
  private static final OptimizerSettings OPTIMIZER = OptimizerSettings.DEFAULT;

  private final CausalLanguageModel model = CausalLanguageModel.initialise(CONFIG, null, 1);
  private PolicyTrainer trainer;

  @BeforeEach
  void sharpen() {
    SharpModels.scale(model, 4);
    trainer = new PolicyTrainer(model, OPTIMIZER, 1);
  }

  @AfterEach
  void close() {
    trainer.close();
    model.close();
  }

  @Test
  void aNewModelGuessesUniformly() {
    try (var fresh = CausalLanguageModel.initialise(CONFIG, null, 1);
        var trainer = new PolicyTrainer(fresh, OPTIMIZER, 1)) {
      var statistics = trainer.languageModelStep(texts(8, 17, 3), 0.001, 8);
      assertThat(statistics.loss()).isCloseTo(Math.log(50), within(0.05));
      assertThat(statistics.tokens()).isEqualTo(8 * 16);
    }
  }

  @Test
  void learnsASmallCorpusByHeart() {
    var texts = texts(4, 12, 5);
    double loss = 0;
    for (int step = 0; step < 150; step++) {
      loss = trainer.languageModelStep(texts, 0.01, 4).loss();
    }
    assertThat(loss).isLessThan(0.1);
  }

  @Test
  void theLossOfPairsIsThatOfTheirResponsesAlone() {
    var sequences = sequences(5);
    double nats = 0;
    int tokens = 0;
    for (var logProbs : model.logProbs(sequences, 1, 5)) {
      for (float logProb : logProbs) {
        nats -= logProb;
      }
      tokens += logProbs.length;
    }

    var statistics = trainer.responseStep(sequences, 1e-3, 2);

    assertThat(statistics.tokens()).isEqualTo(tokens);
    assertThat(statistics.loss()).isCloseTo(nats / tokens, within(1e-5));
  }

  @Test
  void aTextIsAResponseToItsFirstToken() {
    var texts = texts(3, 14, 2);
    try (var other = model.copy();
        var pairs = new PolicyTrainer(other, OPTIMIZER, 1)) {
      trainer.languageModelStep(texts, 1e-3, 3);
      pairs.responseStep(texts.stream().map(TokenSequence::ofText).toList(), 1e-3, 3);
      assertThat(floats(other)).containsExactly(floats(model));
    }
  }

  @Test
  void bfloat16LearnsItToo() {
    var texts = texts(4, 12, 5);
    double loss = 0;
    try (var trainer =
        new PolicyTrainer(model, OPTIMIZER, 1, new TrainingSettings(Precision.BFLOAT16, false))) {
      for (int step = 0; step < 150; step++) {
        loss = trainer.languageModelStep(texts, 0.01, 4).loss();
      }
    }
    assertThat(loss).isLessThan(0.2);
  }

  @Test
  void microBatchesOfTextsMakeTheStepOfTheWholeBatch() {
    var texts = new ArrayList<>(texts(3, 14, 2));
    texts.addAll(texts(4, 5, 3));
    try (var other = model.copy();
        var micro = new PolicyTrainer(other, OPTIMIZER, 1)) {
      var whole = trainer.languageModelStep(texts, 1e-3, 7);
      var parts = micro.languageModelStep(texts, 1e-3, 3);
      assertThat(parts.loss()).isCloseTo(whole.loss(), within(1e-5));
      assertThat(parts.gradientNorm()).isCloseTo(whole.gradientNorm(), within(1e-4));
      assertThat(parts.tokens()).isEqualTo(3 * 13 + 4 * 4);
    }
  }

  @Test
  void microBatchesOfSamplesMakeTheStepOfTheWholeMinibatch() {
    var samples = samples(9);
    try (var other = model.copy();
        var micro = new PolicyTrainer(other, OPTIMIZER, 1)) {
      var whole = trainer.ppoStep(samples, SETTINGS, 1e-3, 9);
      var parts = micro.ppoStep(samples, SETTINGS, 1e-3, 2);
      assertThat(numbers(parts)).containsExactly(numbers(whole), within(1e-5));
      // Steps along gradients whose sums differ in rounding: far below the learning rate.
      assertThat(floats(other)).containsExactly(floats(model), within(2e-4f));
    }
  }

  /** Of plain gradient descent: AdamW's first step is a sign, and hides a factor. */
  @Test
  void rehearsalAddsItsGradientToTheStepThatFollows() {
    var texts = texts(4, 12, 5);
    double alone = trainer.languageModelStep(texts, 0, 4).gradientNorm();
    double loss = trainer.rehearse(texts, 0.25, 3);
    var together = trainer.languageModelStep(texts, 0, 4);
    assertThat(loss).isCloseTo(together.loss(), within(1e-5));
    assertThat(together.gradientNorm()).isCloseTo(1.25 * alone, within(1e-4));
    assertThat(trainer.languageModelStep(texts, 0, 4).gradientNorm())
        .isCloseTo(alone, within(1e-6));
  }

  @Test
  void imitationLearnsWhatWasSaidAndNotWhatWasAsked() {
    var sequences = sequences(5);
    double before = meanLogProb(sequences);
    double loss = trainer.responseStep(sequences, 0.8, 0, 2).loss();
    assertThat(loss).isCloseTo(-before, within(1e-4));
    for (int step = 0; step < 100; step++) {
      trainer.responseStep(sequences, 0.8, 0.01, 5);
    }
    assertThat(meanLogProb(sequences)).isGreaterThan(-0.5);
  }

  /** Of response tokens at the temperature of the imitation. */
  private double meanLogProb(List<TokenSequence> sequences) {
    double sum = 0;
    int tokens = 0;
    for (var logProbs : model.logProbs(sequences, 0.8, 5)) {
      for (float logProb : logProbs) {
        sum += logProb;
        tokens++;
      }
    }
    return sum / tokens;
  }

  @Test
  void pulledPolicyGoesBackToWhereItWas() {
    var initial = model.copyOfParameters();
    for (int step = 0; step < 20; step++) {
      trainer.languageModelStep(texts(4, 12, 5), 0.01, 4);
    }
    trainer.clearOptimizer();
    double far = trainer.pullTo(initial, 1);
    for (int step = 0; step < 60; step++) {
      trainer.languageModelStep(texts(4, 12, 5), 0.001, 4);
      trainer.pullTo(initial, 1);
    }
    assertThat(trainer.pullTo(initial, 1)).isPositive().isLessThan(far / 2);
  }

  @Test
  void entropyIsMeasuredOnlyWhereTheLossHasIt() {
    var statistics = trainer.ppoStep(samples(3), new PpoSettings(0.2, 0.2, 0.5, 0, 0.8), 1e-3, 3);
    assertThat(statistics.entropy()).isNaN();
    assertThat(statistics.gradientNorm()).isPositive().isFinite();
  }

  @Test
  void evaluationsAreTheModelsLogProbsAndANewValueHeadSaysZero() {
    var sequences = sequences(7);
    var logProbs = model.logProbs(sequences, 0.8, 3);
    var evaluations = trainer.evaluate(sequences, 0.8, 4);
    for (int i = 0; i < sequences.size(); i++) {
      int length = sequences.get(i).responseTokens().length;
      assertThat(evaluations.get(i).logProbs()).containsExactly(logProbs.get(i), within(1e-5f));
      assertThat(evaluations.get(i).values()).containsExactly(new float[length]);
      assertThat(evaluations.get(i).entropies()).hasSize(length);
    }
  }

  @Test
  void entropyIsThatOfTheDistribution() {
    var sequences = new ArrayList<TokenSequence>();
    for (int token = 0; token < 50; token++) {
      sequences.add(new TokenSequence(new int[] {7, 8}, new int[] {token}));
    }
    double entropy = 0;
    for (var logProb : model.logProbs(sequences, 0.8, 50)) {
      entropy -= Math.exp(logProb[0]) * logProb[0];
    }
    var evaluation = trainer.evaluate(sequences.subList(0, 1), 0.8, 1).get(0);
    assertThat((double) evaluation.entropies()[0]).isCloseTo(entropy, within(1e-4));
  }

  @Test
  void samplesOfThePresentPolicyHaveRatioOne() {
    var sequences = sequences(6);
    var statistics = trainer.ppoStep(samplesOf(sequences, 1, 0), SETTINGS, 1e-4, 6);
    assertThat(statistics.approximateKl()).isCloseTo(0, within(1e-6));
    assertThat(statistics.clipFraction()).isZero();
    assertThat(statistics.policyLoss()).isCloseTo(-1, within(1e-5));
  }

  @Test
  void rewardedResponsesBecomeLikelierAndValuesApproachReturns() {
    var sequences = sequences(6);
    double before = mean(model.logProbs(sequences, 0.8, 6));
    PpoStatistics first = null;
    PpoStatistics last = null;
    for (int step = 0; step < 60; step++) {
      last = trainer.ppoStep(samplesOf(sequences, 1, 2), SETTINGS, 3e-3, 6);
      first = first == null ? last : first;
    }
    assertThat(mean(model.logProbs(sequences, 0.8, 6))).isGreaterThan(before + 1);
    assertThat(first).isNotNull();
    assertThat(last.valueLoss()).isLessThan(first.valueLoss() / 10);
  }

  @Test
  void theValueHeadIsNoPartOfThePolicyAndCanBeCleared() {
    long bytes = model.parameters().totalBytes();
    trainer.ppoStep(samples(6), SETTINGS, 1e-2, 6);
    assertThat(trainer.evaluate(sequences(1), 1, 1).get(0).values()[0]).isNotZero();
    trainer.clearValueHead();
    assertThat(trainer.evaluate(sequences(1), 1, 1).get(0).values()[0]).isZero();
    assertThat(model.parameters().totalBytes()).isEqualTo(bytes);
  }

  @Test
  void aClearedOptimizerStepsLikeANewOne() {
    var start = model.copy();
    var samples = samples(5);
    trainer.ppoStep(samples, SETTINGS, 1e-3, 5);
    model.parameters().write(0, whole(start));
    trainer.clearOptimizer();
    trainer.clearValueHead();
    trainer.ppoStep(samples, SETTINGS, 1e-3, 5);
    try (start;
        var fresh = new PolicyTrainer(start, OPTIMIZER, 1)) {
      fresh.ppoStep(samples, SETTINGS, 1e-3, 5);
      assertThat(model.parameters().digest()).isEqualTo(start.parameters().digest());
    }
  }

  @Test
  void aGradientThatIsNotFiniteLeavesThePolicyAlone() {
    var digest = model.parameters().digest();
    var sequence = sequences(1).get(0);
    int length = sequence.responseTokens().length;
    var infinite = new float[length];
    Arrays.fill(infinite, Float.NaN);
    var sample =
        new PpoSample(sequence, new float[length], new float[length], infinite, new float[length]);
    assertThatThrownBy(() -> trainer.ppoStep(List.of(sample), SETTINGS, 1e-3, 1))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("gradient norm: NaN");
    assertThat(model.parameters().digest()).isEqualTo(digest);
    assertThat(trainer.ppoStep(samples(3), SETTINGS, 1e-3, 3).gradientNorm()).isPositive();
  }

  @Test
  void badInputIsNamed() {
    assertThatThrownBy(() -> trainer.languageModelStep(List.of(), 1e-3, 1))
        .hasMessage("batch: empty (expected: at least 1 sequence)");
    assertThatThrownBy(() -> trainer.languageModelStep(texts(2, 18, 1), 1e-3, 1))
        .hasMessage("sequence of 18 tokens (expected: 2 to n_positions + 1, 17)");
    assertThatThrownBy(() -> new PpoSettings(0, 1, 1, 1, 1))
        .hasMessage("clipRange: 0.0 (expected: above 0)");
    assertThatThrownBy(() -> new OptimizerSettings(1, 0.9, 1e-8, 0, 1))
        .hasMessage("beta1: 1.0 (expected: 0 <= beta1 < 1)");
  }

  private List<PpoSample> samples(int count) {
    var sequences = sequences(count);
    return PpoSamples.near(
        model.logProbs(sequences, SETTINGS.temperature(), count), sequences, random(6));
  }

  /** Of the present policy and value head, all with one advantage and one return. */
  private List<PpoSample> samplesOf(
      List<TokenSequence> sequences, float advantage, float expectedReturn) {
    var evaluations = trainer.evaluate(sequences, SETTINGS.temperature(), sequences.size());
    var samples = new ArrayList<PpoSample>();
    for (int i = 0; i < sequences.size(); i++) {
      int length = sequences.get(i).responseTokens().length;
      var advantages = new float[length];
      var returns = new float[length];
      Arrays.fill(advantages, advantage);
      Arrays.fill(returns, expectedReturn);
      samples.add(
          new PpoSample(
              sequences.get(i),
              evaluations.get(i).logProbs(),
              evaluations.get(i).values(),
              advantages,
              returns));
    }
    return samples;
  }

  private static List<TokenSequence> sequences(int count) {
    var random = random(4);
    var sequences = new ArrayList<TokenSequence>();
    for (int i = 0; i < count; i++) {
      sequences.add(
          new TokenSequence(
              random.ints(1 + i % 6, 0, 50).toArray(), random.ints(9 - i % 7, 0, 50).toArray()));
    }
    return sequences;
  }

  private static List<int[]> texts(int count, int length, long seed) {
    var random = random(seed);
    var texts = new ArrayList<int[]>();
    for (int i = 0; i < count; i++) {
      texts.add(random.ints(length, 0, 50).toArray());
    }
    return texts;
  }

  private static SplittableRandom random(long seed) {
    return new SplittableRandom(seed);
  }

  private static double[] numbers(PpoStatistics statistics) {
    return new double[] {
      statistics.policyLoss(),
      statistics.valueLoss(),
      statistics.entropy(),
      statistics.clipFraction(),
      statistics.approximateKl(),
      statistics.gradientNorm()
    };
  }

  private static ByteBuffer whole(CausalLanguageModel model) {
    return model.parameters().read(0, (int) model.parameters().totalBytes());
  }

  private static float[] floats(CausalLanguageModel model) {
    var floats = new float[(int) model.parameters().totalBytes() / Float.BYTES];
    whole(model).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private static double mean(List<float[]> logProbs) {
    double sum = 0;
    int count = 0;
    for (var array : logProbs) {
      for (float value : array) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }
}
