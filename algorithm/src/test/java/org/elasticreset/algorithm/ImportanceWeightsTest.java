package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ImportanceWeightsTest {
  @Provide
  Arbitrary<float[]> logProbs() {
    return Floats.array(0, 12, -8, 0);
  }

  @Property
  void theSamePolicyWeighsOne(@ForAll("logProbs") float[] logProbs) {
    assertThat(ImportanceWeights.of(logProbs, logProbs, 1)).isEqualTo(ones(logProbs.length));
  }

  @Example
  void areTheRatioUpToTheCeiling() {
    float ln4 = (float) Math.log(4);

    float[] weights =
        ImportanceWeights.of(new float[] {-2, -2}, new float[] {-2 - ln4, -2 + ln4}, 2);

    assertThat(weights[0]).isEqualTo(2f);
    assertThat(weights[1]).isBetween(0.2499f, 0.2501f);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> ImportanceWeights.of(new float[2], new float[1], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("behaviourLogProbs: 1 elements (expected: 2, as proximalLogProbs)");
    assertThatThrownBy(() -> ImportanceWeights.of(new float[2], new float[2], 0.5))
        .hasMessage("ceiling: 0.5 (expected: ceiling >= 1)");
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }
}
