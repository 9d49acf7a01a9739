package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class LeaveOneOutTest {

  @Example
  void aResponseIsComparedWithTheOthersOfItsPrompt() {
    assertThat(Responses.advantages(new LeaveOneOut(3), 1, 0, 0.5, 8, 2, 2))
        .containsExactly(0.75, -0.75, 0, 6, -3, -3);
  }

  @Property
  void theAdvantagesOfAPromptAddUpToNothing(
      @ForAll @Size(4) List<@DoubleRange(min = -5, max = 5) Double> rewards) {
    double[] found =
        Responses.advantages(
            new LeaveOneOut(4), rewards.stream().mapToDouble(Double::doubleValue).toArray());

    assertThat(Arrays.stream(found).sum()).isCloseTo(0, within(1e-5));
  }

  @Example
  void theExpectedGradientIsThatOfTheReward() {
    for (int logit = 0; logit < 3; logit++) {
      double expected = 0;
      for (int one = 0; one < 3; one++) {
        for (int other = 0; other < 3; other++) {
          List<Advantages> found =
              new LeaveOneOut(2).of(List.of(Bandit.response(one), Bandit.response(other)));
          expected +=
              Bandit.probability(one)
                  * Bandit.probability(other)
                  * (found.get(0).advantages()[0] * Bandit.score(one, logit)
                      + found.get(1).advantages()[0] * Bandit.score(other, logit))
                  / 2;
        }
      }
      assertThat(expected).isCloseTo(Bandit.gradient(logit), within(1e-6));
    }
  }

  @Example
  void everyTokenHasTheAdvantageOfItsWholeResponse() {
    List<Advantages> found =
        new LeaveOneOut(2).of(List.of(Responses.earning(1, 3), Responses.earning(0.5, 2)));

    assertThat(found.get(0).advantages()).containsExactly(0.5f, 0.5f, 0.5f);
    assertThat(found.get(1).advantages()).containsExactly(-0.5f, -0.5f);
    assertThat(found.get(0).returns()).containsExactly(0, 0, 0);
  }

  @Example
  void keepsNothingFromStepToStep() {
    LeaveOneOut estimator = new LeaveOneOut(2);

    assertThat(estimator.next(Responses.eachEarning(1, 2))).isSameAs(estimator);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new LeaveOneOut(1))
        .hasMessage(
            "samplesPerPrompt: 1 (expected: samplesPerPrompt >= 2, for a response is compared with others of its prompt)");
    assertThatThrownBy(() -> new LeaveOneOut(2).of(Responses.eachEarning(1, 2, 3)))
        .hasMessage("step: 3 responses (expected: whole groups of 2)");
    assertThatThrownBy(() -> new LeaveOneOut(2).of(List.of()))
        .hasMessage("step: 0 responses (expected: whole groups of 2)");
    assertThatThrownBy(() -> new RewardedResponse(new float[0], new float[0]))
        .hasMessage("rewards: empty (expected: at least one token)");
    assertThatThrownBy(() -> new RewardedResponse(new float[1], new float[2]))
        .hasMessage("values: 2 elements (expected: 1, as rewards)");
  }
}
