package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class TokenRewardsTest {
  private static final float[] TWO = {-1, -2};

  @Provide
  Arbitrary<float[]> logProbs() {
    return Floats.array(1, 12, -8, 0);
  }

  @Property
  void sumToTheRewardLessThePenaltyOfTheSequence(
      @ForAll("logProbs") float[] logProbs,
      @ForAll @DoubleRange(min = -3, max = 3) double reward,
      @ForAll @DoubleRange(min = 0, max = 1) double coefficient) {
    float[] reference = new float[logProbs.length];
    Arrays.fill(reference, -2);

    float[] rewards = TokenRewards.of(reward, logProbs, reference, KlEstimator.K1, coefficient);

    double expected = reward;
    double sum = 0;
    for (int t = 0; t < rewards.length; t++) {
      expected -= coefficient * (logProbs[t] + 2);
      sum += rewards[t];
    }
    assertThat(sum).isCloseTo(expected, within(1e-4));
  }

  @Example
  void withoutAPenaltyOnlyTheLastTokenIsRewarded() {
    float[] rewards =
        TokenRewards.of(0.75, new float[] {-1, -2, -3}, new float[3], KlEstimator.K3, 0);

    assertThat(rewards).usingComparatorWithPrecision(0f).containsExactly(0, 0, 0.75f);
  }

  @Example
  void eachTokenPaysForItsOwnDrift() {
    float[] rewards = TokenRewards.of(1, TWO, new float[] {-2, -2}, KlEstimator.K1, 0.5);

    assertThat(rewards).containsExactly(-0.5f, 1f);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> TokenRewards.of(Double.NaN, TWO, TWO, KlEstimator.K1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("reward: NaN (expected: a finite number)");
    assertThatThrownBy(() -> TokenRewards.of(1, TWO, TWO, KlEstimator.K1, -0.1))
        .hasMessage("coefficient: -0.1 (expected: coefficient >= 0)");
    assertThatThrownBy(() -> TokenRewards.of(1, new float[0], TWO, KlEstimator.K1, 0))
        .hasMessage("logProbs: empty (expected: at least one token)");
    assertThatThrownBy(() -> TokenRewards.of(1, TWO, new float[3], KlEstimator.K1, 0))
        .hasMessage("referenceLogProbs: 3 elements (expected: 2, as logProbs)");
  }
}
