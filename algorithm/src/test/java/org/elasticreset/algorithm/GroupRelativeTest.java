package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class GroupRelativeTest {
  private static final GroupRelative OF_FOUR = new GroupRelative(4);

  @Example
  void aResponseIsMeasuredInDeviationsOfItsPrompt() {
    assertThat(Responses.advantages(new GroupRelative(3), 1, 2, 3, 0, 0, 3))
        .containsExactly(
            new double[] {
              -1 / 1.0001,
              0,
              1 / 1.0001,
              -1 / (Math.sqrt(3) + 1e-4),
              -1 / (Math.sqrt(3) + 1e-4),
              2 / (Math.sqrt(3) + 1e-4)
            },
            within(1e-6));
  }

  @Property
  void shiftingAndStretchingTheRewardsChangesNoMoreThanEpsilonDoes(
      @ForAll @Size(4) List<@DoubleRange(min = 0, max = 1) Double> rewards) {
    double[] plain = rewards.stream().mapToDouble(Double::doubleValue).toArray();
    double deviation = deviation(plain);
    Assume.that(deviation > 0.1);
    double[] scaled = Arrays.stream(plain).map(reward -> 3 + 2 * reward).toArray();

    double[] found = Responses.advantages(OF_FOUR, scaled);

    double[] expected =
        Arrays.stream(Responses.advantages(OF_FOUR, plain))
            .map(advantage -> advantage * (deviation + 1e-4) / (deviation + 1e-4 / 2))
            .toArray();
    assertThat(found).containsExactly(expected, within(1e-4));
  }

  private static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  @Example
  void aPromptWhoseResponsesEarnedTheSameTeachesNothing() {
    assertThat(Responses.advantages(OF_FOUR, 0.75, 0.75, 0.75, 0.75)).containsOnly(0);
  }

  @Example
  void withoutTheDeviationItWouldBeLeaveOneOutShortened() {
    double[] rewards = {1, 2, 4, 5};
    double deviation = Math.sqrt(10.0 / 3);
    double[] leaveOneOut = Responses.advantages(new LeaveOneOut(4), rewards);

    double[] found = Responses.advantages(OF_FOUR, rewards);

    for (int i = 0; i < 4; i++) {
      assertThat(found[i] * (deviation + 1e-4)).isCloseTo(leaveOneOut[i] * 3 / 4, within(1e-6));
    }
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new GroupRelative(0)).hasMessageStartingWith("samplesPerPrompt: 0");
    assertThatThrownBy(() -> OF_FOUR.of(Responses.eachEarning(1, 2, 3, 4, 5)))
        .hasMessage("step: 5 responses (expected: whole groups of 4)");
  }
}
