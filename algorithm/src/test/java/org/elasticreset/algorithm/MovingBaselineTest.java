package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class MovingBaselineTest {
  private static final MovingBaseline FIRST = new MovingBaseline(0.9, OptionalDouble.empty());
  private static final MovingBaseline LATER = new MovingBaseline(0.9, OptionalDouble.of(0.5));

  @Example
  void aResponseIsComparedWithTheStepsBefore() {
    assertThat(Responses.advantages(LATER, 0.75, 0.25, 1)).containsExactly(0.25, -0.25, 0.5);
  }

  @Example
  void theFirstStepIsComparedWithItself() {
    assertThat(Responses.advantages(FIRST, 0.5, 1)).containsExactly(-0.25, 0.25);
  }

  @Example
  void theBaselineIsTheExponentialAverageOfTheSteps() {
    AdvantageEstimator second = FIRST.next(Responses.eachEarning(0, 1));
    AdvantageEstimator third = second.next(Responses.eachEarning(1, 1));

    assertThat(second).isEqualTo(LATER);
    double baseline = ((MovingBaseline) third).baseline().orElseThrow();
    assertThat(baseline).isCloseTo(0.9 * 0.5 + 0.1, within(1e-12));
  }

  @Example
  void everyTokenHasTheAdvantageOfItsWholeResponse() {
    RewardedResponse penalised =
        new RewardedResponse(new float[] {-0.25f, -0.25f, 1.5f}, new float[3]);

    Advantages found = LATER.of(List.of(penalised)).get(0);

    assertThat(found.advantages()).containsExactly(0.5f, 0.5f, 0.5f);
    assertThat(found.returns()).containsOnly(0);
  }

  @Property
  void whateverTheBaselineTheExpectedGradientIsThatOfTheReward(
      @ForAll @DoubleRange(min = -3, max = 3) double baseline) {
    MovingBaseline estimator = new MovingBaseline(0.9, OptionalDouble.of(baseline));

    for (int logit = 0; logit < 3; logit++) {
      double expected = 0;
      for (int answer = 0; answer < 3; answer++) {
        double advantage = estimator.of(List.of(Bandit.response(answer))).get(0).advantages()[0];
        expected += Bandit.probability(answer) * advantage * Bandit.score(answer, logit);
      }
      assertThat(expected).isCloseTo(Bandit.gradient(logit), within(1e-6));
    }
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new MovingBaseline(1, OptionalDouble.empty()))
        .hasMessage("decay: 1.0 (expected: 0 <= decay < 1)");
    assertThatThrownBy(() -> new MovingBaseline(-0.1, OptionalDouble.empty()))
        .hasMessage("decay: -0.1 (expected: 0 <= decay < 1)");
    assertThatThrownBy(() -> new MovingBaseline(0.9, OptionalDouble.of(Double.NaN)))
        .hasMessage("baseline: NaN (expected: a finite number)");
    assertThatThrownBy(() -> FIRST.of(List.of()))
        .hasMessage("step: empty (expected: at least one response)");
  }
}
