package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class ExponentialAverageTest {
  @Provide
  Arbitrary<List<float[]>> updates() {
    return Floats.array(3, 3, -10, 10).list().ofMaxSize(30);
  }

  @Property
  void equalsItsClosedForm(
      @ForAll("updates") List<float[]> updates,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double decay) {
    ExponentialAverage exponential = new ExponentialAverage(decay);
    float[] initial = {1, -2, 3};
    float[] average = initial.clone();

    updates.forEach(latest -> exponential.update(average, latest));

    int n = updates.size();
    for (int i = 0; i < average.length; i++) {
      double closed = exponential.initialShare(n) * initial[i];
      for (int k = 1; k <= n; k++) {
        closed += (1 - decay) * Math.pow(decay, n - k) * updates.get(k - 1)[i];
      }
      assertThat((double) average[i]).isCloseTo(closed, within(1e-4));
    }
  }

  @Property
  void staysBetweenTheAverageAndTheLatest(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double decay,
      @ForAll @DoubleRange(min = -9, max = 9) double before,
      @ForAll @DoubleRange(min = -9, max = 9) double latest) {
    float[] average = {(float) before};

    new ExponentialAverage(decay).update(average, new float[] {(float) latest});

    assertThat(average[0])
        .isBetween((float) Math.min(before, latest), (float) Math.max(before, latest));
  }

  @Property
  void weightsThatDoNotChangeKeepTheirAverageToTheBit(
      @ForAll("updates") List<float[]> rows,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double decay) {
    for (float[] weights : rows) {
      float[] average = weights.clone();

      new ExponentialAverage(decay).update(average, weights);

      assertThat(average).containsExactly(weights);
    }
  }

  @Property
  void errsByThreeRoundingsOfTheLargerWeightAtMost(
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double decay,
      @ForAll @DoubleRange(min = -9, max = 9) double before,
      @ForAll @DoubleRange(min = -9, max = 9) double latest) {
    float[] average = {(float) before};

    new ExponentialAverage(decay).update(average, new float[] {(float) latest});

    double exact = decay * (float) before + (1 - decay) * (float) latest;
    float ulp = Math.ulp((float) Math.max(Math.abs(before), Math.abs(latest)));
    assertThat((double) average[0]).isCloseTo(exact, within(3.0 * ulp));
  }

  @Example
  void theSettingsOfThePaperMeanVeryDifferentAverages() {
    ExponentialAverage exponential = new ExponentialAverage(0.995);

    assertThat(exponential.initialShare(0)).isEqualTo(1);
    assertThat(exponential.initialShare(17)).isCloseTo(0.918, within(5e-4));
    assertThat(exponential.initialShare(1040)).isCloseTo(0.0054, within(5e-5));
  }

  @Example
  void saysWhatWasWrong() {
    for (double outside : new double[] {0, 1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> new ExponentialAverage(outside))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("decay: " + outside + " (expected: 0 < decay < 1)");
    }
    ExponentialAverage exponential = new ExponentialAverage(0.5);
    assertThatThrownBy(() -> exponential.update(new float[2], new float[3]))
        .hasMessage("latest: 3 elements (expected: 2, as average)");
    assertThatThrownBy(() -> exponential.initialShare(-1))
        .hasMessage("updates: -1 (expected: updates >= 0)");
  }
}
