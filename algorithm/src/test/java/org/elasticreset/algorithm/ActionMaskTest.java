package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Example;

class ActionMaskTest {

  private static final double[] MASKING = logs(0.1, 0.5, 0.15, 0.25);
  private static final double[] POLICY = logs(0.4, 0.2, 0.3, 0.1);

  @Example
  void fewestLikeliestThatReachTheMassAreAllowed() {
    assertThat(ActionMask.topP(MASKING, 0.49)).containsExactly(false, true, false, false);
    assertThat(ActionMask.topP(MASKING, 0.51)).containsExactly(false, true, false, true);
    assertThat(ActionMask.topP(MASKING, 0.89)).containsExactly(false, true, true, true);
    assertThat(ActionMask.topP(MASKING, 1)).containsExactly(true, true, true, true);
  }

  @Example
  void likeliestIsAllowedHoweverSmallTheMass() {
    assertThat(ActionMask.topP(MASKING, 1e-9)).containsExactly(false, true, false, false);
  }

  @Example
  void whatIsLeftOfThePolicyIsRenormalised() {
    double[] masked = ActionMask.masked(POLICY, new boolean[] {false, true, false, true});

    assertThat(masked[0]).isNegative().isInfinite();
    assertThat(masked[2]).isNegative().isInfinite();
    assertThat(Math.exp(masked[1])).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(Math.exp(masked[3])).isCloseTo(1 / 3.0, within(1e-12));
  }

  @Example
  void badValuesAreNamed() {
    assertThatThrownBy(() -> ActionMask.topP(MASKING, 0))
        .hasMessage("p: 0.0 (expected: 0 < p <= 1)");
    assertThatThrownBy(() -> ActionMask.topP(MASKING, 1.1))
        .hasMessage("p: 1.1 (expected: 0 < p <= 1)");
    assertThatThrownBy(() -> ActionMask.masked(POLICY, new boolean[3]))
        .hasMessageContaining("allowed");
  }

  private static double[] logs(double... probabilities) {
    return Arrays.stream(probabilities).map(Math::log).toArray();
  }
}
