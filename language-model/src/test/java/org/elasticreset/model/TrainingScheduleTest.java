package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrainingScheduleTest {

  @Test
  void learningRateRisesLinearlyThenFallsToItsFloor() {
    var rate = new WarmUpCosine(2e-3, 100, 0.05);

    assertThat(rate.at(0, 0)).isCloseTo(2e-5, within(1e-12));
    assertThat(rate.at(49, 0)).isCloseTo(1e-3, within(1e-12));
    assertThat(rate.at(99, 0)).isCloseTo(2e-3, within(1e-12));
    assertThat(rate.at(500, 0.5)).isCloseTo(2e-3 * (0.05 + 0.95 / 2), within(1e-12));
    assertThat(rate.at(1000, 1)).isCloseTo(1e-4, within(1e-12));
  }

  @Test
  void budgetIsSpentByStepsOrByTime() {
    assertThat(new TrainingBudget.Steps(200).spent(50, Duration.ofHours(9))).isEqualTo(0.25);
    var hour = new TrainingBudget.Time(Duration.ofHours(1));
    assertThat(hour.spent(1_000_000, Duration.ofMinutes(15))).isEqualTo(0.25);
    assertThat(hour.spent(0, Duration.ofHours(2))).isEqualTo(1);
  }

  @Test
  void saysTheValueAndWhatWasExpected() {
    assertThatThrownBy(() -> new TrainingBudget.Steps(0))
        .hasMessage("steps: 0 (expected: at least 1)");
    assertThatThrownBy(() -> new WarmUpCosine(-1, 0, 0))
        .hasMessage("learning rate: -1.0 (expected: above 0)");
  }
}
