package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class KlCoefficientTest {
  private static final KlCoefficient ADAPTIVE = new KlCoefficient.Adaptive(0.1, 6, 10_000);

  @Example
  void aFixedCoefficientStays() {
    KlCoefficient fixed = new KlCoefficient.Fixed(0.001);

    assertThat(fixed.next(100, 64)).isEqualTo(fixed);
    assertThat(fixed.value()).isEqualTo(0.001);
  }

  @Property
  void anAdaptiveCoefficientMovesTowardsTheTarget(
      @ForAll @DoubleRange(min = -5, max = 50) double observedKl,
      @ForAll @IntRange(min = 1, max = 1000) int rollouts) {
    double next = ADAPTIVE.next(observedKl, rollouts).value();

    assertThat(Math.signum(next - 0.1)).isEqualTo(Math.signum(observedKl - 6));
  }

  @Example
  void theErrorIsClippedAtAFifthOnBothSides() {
    assertThat(ADAPTIVE.next(1000, 100).value()).isCloseTo(0.1 * 1.002, within(1e-12));
    assertThat(ADAPTIVE.next(0, 100).value()).isCloseTo(0.1 * 0.998, within(1e-12));
  }

  @Example
  void withinAFifthTheErrorIsProportional() {
    assertThat(ADAPTIVE.next(6.6, 100).value()).isCloseTo(0.1 * 1.001, within(1e-12));
  }

  @Example
  void keepsTargetAndHorizon() {
    assertThat(ADAPTIVE.next(6, 100)).isEqualTo(ADAPTIVE);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new KlCoefficient.Fixed(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: -1.0 (expected: value >= 0)");
    assertThatThrownBy(() -> new KlCoefficient.Fixed(Double.POSITIVE_INFINITY))
        .hasMessage("value: Infinity (expected: value >= 0)");
    assertThatThrownBy(() -> new KlCoefficient.Adaptive(0, 6, 1))
        .hasMessage("value: 0.0 (expected: value > 0)");
    assertThatThrownBy(() -> new KlCoefficient.Adaptive(0.1, -6, 1))
        .hasMessage("target: -6.0 (expected: target > 0)");
    assertThatThrownBy(() -> new KlCoefficient.Adaptive(0.1, 6, Double.POSITIVE_INFINITY))
        .hasMessage("horizon: Infinity (expected: horizon > 0)");
  }

  @Example
  void refusesAHorizonOverWhichTheCoefficientCouldVanish() {
    assertThatThrownBy(() -> new KlCoefficient.Adaptive(0.1, 6, 10).next(1, 50))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("horizon: 10.0 (expected: more than a fifth of 50)");
  }
}
