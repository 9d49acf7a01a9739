package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.Example;
import org.apache.commons.statistics.distribution.TDistribution;

class PowerTest {
  @Example
  void withoutADifferenceItIsTheLevel() {
    assertThat(Power.of(0, 5, 0.05)).isCloseTo(0.05, within(1e-3));
  }

  @Example
  void isTheShareOfStudentsTestsThatFindTheDifference() {
    Random random = new Random(2);
    int repetitions = 20_000;
    double critical = TDistribution.of(4).inverseSurvivalProbability(0.025);
    int found = 0;
    for (int i = 0; i < repetitions; i++) {
      double[] values = Simulated.NORMAL.draw(5, random);
      for (int seed = 0; seed < 5; seed++) {
        values[seed] += 1.5;
      }
      Sample sample = new Sample(values);
      found += Math.abs(sample.mean()) > critical * sample.standardError() ? 1 : 0;
    }

    double power = Power.of(1.5, 5, 0.05);

    assertThat(power)
        .isCloseTo(
            (double) found / repetitions, within(Simulated.tolerance(power, repetitions) + 1e-3));
  }

  @Example
  void theSmallestDetectableDifferenceIsFoundWithItsPower() {
    double smallest = Power.smallestDetectable(0.02, 5, 0.05, 0.8);

    assertThat(Power.of(smallest / 0.02, 5, 0.05)).isCloseTo(0.8, within(1e-4));
    assertThat(smallest).isGreaterThan(Power.smallestDetectable(0.02, 10, 0.05, 0.8));
    assertThat(Power.smallestDetectable(0, 5, 0.05, 0.8)).isZero();
  }
}
