package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class PolicyGradientLossTest {

  private static PpoToken token(double logProb, double oldLogProb, double advantage) {
    return new PpoToken(logProb, oldLogProb, advantage, 0, 0, 0, 0);
  }

  @Example
  void isTheMeanOfMinusAdvantageTimesLogProbability() {
    LossTerm found = PolicyGradientLoss.of(List.of(token(-2, -2, 0.5), token(-1, -1, -1)));

    assertThat(found.loss()).isCloseTo((0.5 * 2 - 1) / 2, within(1e-12));
    assertThat(found.logProbGradient()).containsExactly(-0.25, 0.5);
  }

  @Property
  void onTheTokensOfItsOwnPolicyItsGradientIsThatOfPpo(
      @ForAll @DoubleRange(min = -5, max = 0) double logProb,
      @ForAll @DoubleRange(min = -2, max = 2) double advantage) {
    List<PpoToken> own = List.of(token(logProb, logProb, advantage), token(-1, -1, 0.5));

    assertThat(PolicyGradientLoss.of(own).logProbGradient())
        .containsExactly(new PpoLoss(0.2, 0.2, 0, 0).of(own).logProbGradient(), within(1e-12));
  }

  @Example
  void theOldPolicyDoesNotMatter() {
    LossTerm far = PolicyGradientLoss.of(List.of(token(-1, -9, 2)));

    assertThat(far.logProbGradient())
        .isEqualTo(PolicyGradientLoss.of(List.of(token(-1, -1, 2))).logProbGradient());
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> PolicyGradientLoss.of(List.of()))
        .hasMessage("tokens: empty (expected: at least one token)");
  }
}
