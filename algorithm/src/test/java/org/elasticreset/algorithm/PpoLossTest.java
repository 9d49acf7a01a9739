package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PpoLossTest {
  private static final PpoLoss LOSS = new PpoLoss(0.2, 0.3, 0.5, 0.01);
  private static final double STEP = 1e-6;

  @Provide
  Arbitrary<List<PpoToken>> minibatches() {
    Arbitrary<Double> logProb = Arbitraries.doubles().between(-3, 0);
    Arbitrary<Double> number = Arbitraries.doubles().between(-2, 2);
    Arbitrary<Double> entropy = Arbitraries.doubles().between(0, 8);
    return Combinators.combine(logProb, logProb, number, number, number, number, entropy)
        .as(PpoToken::new)
        .filter(PpoLossTest::isAwayFromKinks)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  @Property
  void gradientsEqualFiniteDifferences(@ForAll("minibatches") List<PpoToken> tokens) {
    PpoLoss.Result result = LOSS.of(tokens);

    for (int i = 0; i < tokens.size(); i++) {
      PpoToken token = tokens.get(i);
      double logProbSlope = slope(tokens, i, withLogProb(token, STEP), withLogProb(token, -STEP));
      double valueSlope = slope(tokens, i, withValue(token, STEP), withValue(token, -STEP));
      assertThat(result.logProbGradient()[i]).isCloseTo(logProbSlope, within(1e-6));
      assertThat(result.valueGradient()[i]).isCloseTo(valueSlope, within(1e-6));
    }
  }

  @Property
  void isTheMeanOfItsTokens(@ForAll("minibatches") List<PpoToken> tokens) {
    double mean =
        tokens.stream()
            .mapToDouble(token -> LOSS.of(List.of(token)).loss())
            .average()
            .orElseThrow();

    assertThat(LOSS.of(tokens).loss()).isCloseTo(mean, within(1e-9));
  }

  @Property
  void clippingNeverLowersTheLoss(@ForAll("minibatches") List<PpoToken> tokens) {
    PpoLoss.Result unclipped = new PpoLoss(1e9, Double.POSITIVE_INFINITY, 0.5, 0).of(tokens);

    PpoLoss.Result clipped = LOSS.of(tokens);

    assertThat(clipped.policyLoss()).isGreaterThanOrEqualTo(unclipped.policyLoss() - 1e-12);
    assertThat(clipped.valueLoss()).isGreaterThanOrEqualTo(unclipped.valueLoss() - 1e-12);
  }

  @Property
  void beforeTheFirstUpdateTheLossIsMinusTheAdvantage(
      @ForAll("minibatches") List<PpoToken> tokens) {
    List<PpoToken> unmoved =
        tokens.stream()
            .map(t -> new PpoToken(t.oldLogProb(), t.oldLogProb(), t.advantage(), 0, 0, 0, 0))
            .toList();

    PpoLoss.Result result = LOSS.of(unmoved);

    double meanAdvantage = tokens.stream().mapToDouble(PpoToken::advantage).average().orElseThrow();
    assertThat(result.loss()).isCloseTo(-meanAdvantage, within(1e-9));
    assertThat(result.approximateKl()).isZero();
    assertThat(result.clipFraction()).isZero();
  }

  @Example
  void aGoodTokenThatHasMovedFarEnoughIsLeftAlone() {
    PpoLoss.Result result = LOSS.of(List.of(policyToken(1.5, 2)));

    assertThat(result.policyLoss()).isCloseTo(-2.4, within(1e-9));
    assertThat(result.logProbGradient()).containsExactly(0);
    assertThat(result.clipFraction()).isEqualTo(1);
  }

  @Example
  void aGoodTokenThatHasMovedTheWrongWayIsPulledBack() {
    PpoLoss.Result result = LOSS.of(List.of(policyToken(0.5, 2)));

    assertThat(result.policyLoss()).isCloseTo(-1, within(1e-9));
    assertThat(result.logProbGradient()[0]).isCloseTo(-1, within(1e-9));
    assertThat(result.clipFraction()).isEqualTo(1);
  }

  @Example
  void statisticsAreMeansOverTokens() {
    PpoToken clipped = policyToken(1.5, 2);
    PpoToken unmoved = new PpoToken(-1, -1, 1, 0, 0, 2, 3);

    PpoLoss.Result result = LOSS.of(List.of(clipped, unmoved));

    assertThat(result.clipFraction()).isEqualTo(0.5);
    assertThat(result.entropy()).isEqualTo(1.5);
    assertThat(result.valueLoss()).isEqualTo(1);
    assertThat(result.approximateKl()).isCloseTo((0.5 - Math.log(1.5)) / 2, within(1e-9));
    assertThat(result.policyLoss()).isCloseTo((-2.4 - 1) / 2, within(1e-9));
    assertThat(result.loss()).isCloseTo(result.policyLoss() + 0.5 * 1 - 0.01 * 1.5, within(1e-12));
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new PpoLoss(0, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clipRange: 0.0 (expected: clipRange > 0)");
    assertThatThrownBy(() -> new PpoLoss(1, 0, 1, 0))
        .hasMessage("valueClipRange: 0.0 (expected: valueClipRange > 0)");
    assertThatThrownBy(() -> new PpoLoss(1, 1, -1, 0))
        .hasMessage("valueCoefficient: -1.0 (expected: valueCoefficient >= 0)");
    assertThatThrownBy(() -> new PpoLoss(1, 1, 1, -1))
        .hasMessage("entropyCoefficient: -1.0 (expected: entropyCoefficient >= 0)");
    assertThatThrownBy(() -> LOSS.of(List.of()))
        .hasMessage("tokens: empty (expected: at least one token)");
  }

  /** A token whose probability has moved by a factor, and that the value loss does not touch. */
  private static PpoToken policyToken(double ratio, double advantage) {
    return new PpoToken(Math.log(ratio) - 2, -2, advantage, 0, 0, 0, 0);
  }

  private static PpoToken withLogProb(PpoToken t, double change) {
    return new PpoToken(
        t.logProb() + change,
        t.oldLogProb(),
        t.advantage(),
        t.value(),
        t.oldValue(),
        t.expectedReturn(),
        t.entropy());
  }

  private static PpoToken withValue(PpoToken t, double change) {
    return new PpoToken(
        t.logProb(),
        t.oldLogProb(),
        t.advantage(),
        t.value() + change,
        t.oldValue(),
        t.expectedReturn(),
        t.entropy());
  }

  private static double slope(List<PpoToken> tokens, int i, PpoToken more, PpoToken less) {
    List<PpoToken> changed = new ArrayList<>(tokens);
    changed.set(i, more);
    double above = LOSS.of(changed).loss();
    changed.set(i, less);
    double below = LOSS.of(changed).loss();
    return (above - below) / (2 * STEP);
  }

  /** A difference quotient across a kink is neither of its two slopes. */
  private static boolean isAwayFromKinks(PpoToken t) {
    double ratio = Math.exp(t.logProb() - t.oldLogProb());
    double change = t.value() - t.oldValue();
    double clippedChange = Math.max(-0.3, Math.min(0.3, change));
    double error = Math.abs(t.value() - t.expectedReturn());
    double clippedError = Math.abs(t.oldValue() + clippedChange - t.expectedReturn());
    boolean isClipped = change != clippedChange;
    double near = 1e-4;
    return Math.abs(Math.abs(ratio - 1) - 0.2) > near
        && Math.abs(Math.abs(change) - 0.3) > near
        && !(isClipped && Math.abs(error - clippedError) < near);
  }
}
