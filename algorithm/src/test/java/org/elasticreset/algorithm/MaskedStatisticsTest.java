package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MaskedStatisticsTest {
  @Provide
  Arbitrary<List<float[]>> rows() {
    return Floats.rows(-100, 100);
  }

  @Property
  void meanAndVarianceAreThoseOfAllTokensTogether(@ForAll("rows") List<float[]> rows) {
    double[] tokens = Floats.flat(rows);
    double mean = Arrays.stream(tokens).average().orElseThrow();
    double squares = Arrays.stream(tokens).map(x -> (x - mean) * (x - mean)).sum();

    assertThat(MaskedStatistics.mean(rows)).isCloseTo(mean, within(1e-6));
    assertThat(MaskedStatistics.variance(rows))
        .isCloseTo(squares / Math.max(1, tokens.length - 1), within(1e-6));
  }

  @Property
  void whitenedTokensHaveMeanZeroAndVarianceOne(@ForAll("rows") List<float[]> rows) {
    Assume.that(MaskedStatistics.variance(rows) > 0.01);

    List<float[]> whitened = MaskedStatistics.whiten(rows);

    assertThat(MaskedStatistics.mean(whitened)).isCloseTo(0, within(1e-5));
    assertThat(MaskedStatistics.variance(whitened)).isCloseTo(1, within(1e-4));
  }

  @Property
  void whiteningKeepsShapesAndOrderAndItsInput(@ForAll("rows") List<float[]> rows) {
    List<float[]> before = rows.stream().map(float[]::clone).toList();

    List<float[]> whitened = MaskedStatistics.whiten(rows);

    assertThat(whitened).hasSameSizeAs(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).containsExactly(before.get(i));
      assertThat(whitened.get(i)).hasSameSizeAs(rows.get(i));
      for (int t = 1; t < rows.get(i).length; t++) {
        if (rows.get(i)[t - 1] <= rows.get(i)[t]) {
          assertThat(whitened.get(i)[t - 1]).isLessThanOrEqualTo(whitened.get(i)[t]);
        }
      }
    }
  }

  @Example
  void equalValuesAreWhitenedToZero() {
    List<float[]> equal = List.of(new float[] {3, 3}, new float[] {3});

    assertThat(Floats.flat(MaskedStatistics.whiten(equal))).containsExactly(0, 0, 0);
  }

  @Example
  void oneTokenHasNoVariance() {
    assertThat(MaskedStatistics.variance(List.of(new float[] {7}))).isZero();
  }

  @Example
  void refusesABatchWithoutTokens() {
    assertThatThrownBy(() -> MaskedStatistics.mean(List.of(new float[0])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows: no token (expected: at least one token)");
  }
}
