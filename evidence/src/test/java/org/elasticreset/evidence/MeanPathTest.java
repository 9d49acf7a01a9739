package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;

class MeanPathTest {
  @Example
  void pathIsTheMeanOverSeedsWithItsError() {
    Arm arm = new Arm("ppo", List.of(curve(1, 10, 0.6), curve(2, 14, 0.8)));

    MeanPath path = MeanPath.of(arm);

    MeanPath.Point last = path.points().get(1);
    assertThat(last.step()).isEqualTo(4);
    assertThat(last.drift()).isCloseTo(12, within(1e-12));
    assertThat(last.driftError()).isCloseTo(2, within(1e-12));
    assertThat(last.reward()).isCloseTo(0.7, within(1e-12));
    assertThat(last.rewardError()).isCloseTo(0.1, within(1e-12));
  }

  @Example
  void stepsThatSomeSeedLacksAreLeftOut() {
    Curve cut = new Curve(2, List.of(new EvaluationPoint(0, 0, 0.5)));
    Arm arm = new Arm("ppo", List.of(curve(1, 10, 0.6), cut));

    assertThat(MeanPath.of(arm).points()).extracting(MeanPath.Point::step).containsExactly(0);
  }

  @Example
  void errorOfOneSeedIsNotKnown() {
    Arm arm = new Arm("ppo", List.of(curve(1, 10, 0.6)));

    assertThat(MeanPath.of(arm).points()).allMatch(point -> Double.isNaN(point.rewardError()));
  }

  private static Curve curve(long seed, double drift, double reward) {
    return new Curve(
        seed, List.of(new EvaluationPoint(0, 0, 0.5), new EvaluationPoint(4, drift, reward)));
  }
}
