package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class GeneralizedAdvantageEstimationTest {
  @Provide
  Arbitrary<float[]> numbers() {
    return Floats.array(0, 12, -5, 5);
  }

  @Property
  void equalsTheDefinitionsDoubleSum(
      @ForAll("numbers") float[] rewards,
      @ForAll("numbers") float[] enoughValues,
      @ForAll @DoubleRange(min = 0, max = 1) double discount,
      @ForAll @DoubleRange(min = 0, max = 1) double lambda,
      @ForAll @DoubleRange(min = -5, max = 5) double bootstrapValue) {
    float[] values = Arrays.copyOf(enoughValues, rewards.length);

    Advantages estimated =
        GeneralizedAdvantageEstimation.of(rewards, values, discount, lambda, bootstrapValue);

    for (int t = 0; t < rewards.length; t++) {
      double sum = 0;
      for (int l = 0; t + l < rewards.length; l++) {
        double next = t + l + 1 < values.length ? values[t + l + 1] : bootstrapValue;
        double delta = rewards[t + l] + discount * next - values[t + l];
        sum += Math.pow(discount * lambda, l) * delta;
      }
      assertThat((double) estimated.advantages()[t]).isCloseTo(sum, within(1e-4));
      assertThat((double) estimated.returns()[t]).isCloseTo(sum + values[t], within(1e-4));
    }
  }

  @Property
  void lambdaOneGivesTheDiscountedReturnWhateverTheValues(
      @ForAll("numbers") float[] rewards, @ForAll("numbers") float[] enoughValues) {
    float[] values = Arrays.copyOf(enoughValues, rewards.length);

    float[] returns = GeneralizedAdvantageEstimation.of(rewards, values, 0.9, 1, 0).returns();

    for (int t = 0; t < rewards.length; t++) {
      double expected = 0;
      for (int l = 0; t + l < rewards.length; l++) {
        expected += Math.pow(0.9, l) * rewards[t + l];
      }
      assertThat((double) returns[t]).isCloseTo(expected, within(1e-4));
    }
  }

  @Example
  void lambdaZeroLooksOneTokenAhead() {
    Advantages estimated =
        GeneralizedAdvantageEstimation.of(
            new float[] {0, 0, 1}, new float[] {0.25f, 0.5f, 0.75f}, 1, 0, 0);

    assertThat(estimated.advantages()).containsExactly(0.25f, 0.25f, 0.25f);
    assertThat(estimated.returns()).containsExactly(0.5f, 0.75f, 1f);
  }

  @Example
  void ofAStepAdvantagesAreWhitenedOverAllItsTokensAndReturnsAreNot() {
    List<RewardedResponse> step = List.of(Responses.earning(1, 2), Responses.earning(0.5));

    List<Advantages> whitened = new GeneralizedAdvantageEstimation(1, 1, true).of(step);

    List<Advantages> plain = new GeneralizedAdvantageEstimation(1, 1, false).of(step);
    assertThat(plain.get(0).advantages()).containsExactly(1, 1);
    assertThat(plain.get(1).advantages()).containsExactly(0.5f);
    assertThat(whitened)
        .extracting(Advantages::advantages)
        .usingRecursiveComparison()
        .isEqualTo(MaskedStatistics.whiten(plain.stream().map(Advantages::advantages).toList()));
    assertThat(whitened.get(0).returns()).containsExactly(1, 1);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new GeneralizedAdvantageEstimation(1.5, 1, true))
        .hasMessage("discount: 1.5 (expected: 0 <= discount <= 1)");
    float[] two = new float[2];
    assertThatThrownBy(() -> GeneralizedAdvantageEstimation.of(two, new float[3], 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("values: 3 elements (expected: 2, as rewards)");
    for (double outside : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> GeneralizedAdvantageEstimation.of(two, two, outside, 1, 0))
          .hasMessage("discount: " + outside + " (expected: 0 <= discount <= 1)");
      assertThatThrownBy(() -> GeneralizedAdvantageEstimation.of(two, two, 1, outside, 0))
          .hasMessage("lambda: " + outside + " (expected: 0 <= lambda <= 1)");
    }
    assertThatThrownBy(() -> GeneralizedAdvantageEstimation.of(two, two, 1, 1, Double.NaN))
        .hasMessage("bootstrapValue: NaN (expected: a finite number)");
  }
}
