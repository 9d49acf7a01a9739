package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class KlLossTest {
  private static final double STEP = 1e-6;
  private static final double[] REFERENCE = {0.5, 0.2, 0.3};

  @Property
  void itsGradientEqualsFiniteDifferences(
      @ForAll @DoubleRange(min = -5, max = 0) double logProb,
      @ForAll @DoubleRange(min = -5, max = 0) double reference) {
    double[] references = {reference, -1};
    double above = KlLoss.of(new double[] {logProb + STEP, -2}, references).loss();
    double below = KlLoss.of(new double[] {logProb - STEP, -2}, references).loss();

    LossTerm found = KlLoss.of(new double[] {logProb, -2}, references);

    assertThat(found.logProbGradient()[0]).isCloseTo((above - below) / (2 * STEP), within(1e-4));
  }

  @Example
  void isNothingAndPullsNowhereAtTheReference() {
    LossTerm found = KlLoss.of(new double[] {-1, -3}, new double[] {-1, -3});

    assertThat(found.loss()).isZero();
    assertThat(found.logProbGradient()).containsExactly(new double[2], within(0.0));
  }

  /** ∂ KL(π_ref ‖ π) / ∂ logit = π(logit) − π_ref(logit) for a softmax. */
  @Example
  void theExpectationOfItsGradientIsThatOfTheDivergenceFromTheReference() {
    for (int logit = 0; logit < 3; logit++) {
      double expected = 0;
      for (int answer = 0; answer < 3; answer++) {
        double probability = Bandit.probability(answer);
        LossTerm term =
            KlLoss.of(
                new double[] {Math.log(probability)}, new double[] {Math.log(REFERENCE[answer])});
        expected += probability * term.logProbGradient()[0] * Bandit.score(answer, logit);
      }
      assertThat(expected).isCloseTo(Bandit.probability(logit) - REFERENCE[logit], within(1e-12));
    }
  }

  /** Why there is no loss of k1: d's gradient is the score. */
  @Example
  void theExpectationOfTheGradientOfK1IsNothing() {
    for (int logit = 0; logit < 3; logit++) {
      double expected = 0;
      for (int answer = 0; answer < 3; answer++) {
        double probability = Bandit.probability(answer);
        double reference = Math.log(REFERENCE[answer]);
        double slope =
            (KlEstimator.K1.perToken(Math.log(probability) + STEP, reference)
                    - KlEstimator.K1.perToken(Math.log(probability) - STEP, reference))
                / (2 * STEP);
        expected += probability * slope * Bandit.score(answer, logit);
      }
      assertThat(expected).isCloseTo(0, within(1e-9));
    }
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> KlLoss.of(new double[0], new double[0]))
        .hasMessage("logProbs: empty (expected: at least one token)");
    assertThatThrownBy(() -> KlLoss.of(new double[1], new double[2]))
        .hasMessage("referenceLogProbs: 2 elements (expected: 1, as logProbs)");
  }
}
