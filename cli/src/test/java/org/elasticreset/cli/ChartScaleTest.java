package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.elasticreset.cli.ChartScale.Spacing;
import org.junit.jupiter.api.Test;

class ChartScaleTest {

  @Test
  void anEvenScaleBeginsAndEndsWithATick() {
    ChartScale scale = ChartScale.of(new double[] {0.53, 0.94}, 0, 100, false);
    assertThat(scale.ticks())
        .extracting(scale::label)
        .containsExactly("0.5", "0.6", "0.7", "0.8", "0.9", "1.0");
    assertThat(scale.at(0.5)).isCloseTo(0, within(1e-9));
    assertThat(scale.at(1.0)).isCloseTo(100, within(1e-9));
  }

  @Test
  void byRootsAQuarterOfTheDriftIsHalfOfTheWay() {
    ChartScale scale = ChartScale.spaced(Spacing.ROOT, new double[] {0, 41, 198.6}, 60, 860);
    assertThat(scale.high()).isEqualTo(200);
    assertThat(scale.at(0)).isEqualTo(60);
    assertThat(scale.at(50)).isCloseTo(460, within(1e-9));
    assertThat(scale.at(200)).isEqualTo(860);
  }

  @Test
  void ticksOfAnUnevenScaleAreRoundAndApart() {
    ChartScale scale = ChartScale.spaced(Spacing.ROOT, new double[] {0, 198.6}, 60, 860);
    assertThat(scale.ticks()).startsWith(0.0).endsWith(200.0).doesNotHaveDuplicates();
    for (int i = 1; i < scale.ticks().size(); i++) {
      assertThat(scale.at(scale.ticks().get(i)) - scale.at(scale.ticks().get(i - 1)))
          .isGreaterThanOrEqualTo(44);
    }
  }

  @Test
  void byLogsEqualRatiosAreEquallyFar() {
    ChartScale scale = ChartScale.spaced(Spacing.LOG, new double[] {69.2, 3449}, 0, 1000);
    assertThat(scale.low()).isEqualTo(60);
    assertThat(scale.high()).isEqualTo(4000);
    assertThat(scale.at(200) - scale.at(100))
        .isCloseTo(scale.at(1000) - scale.at(500), within(1e-9));
    assertThat(scale.ticks()).extracting(scale::label).contains("100", "1000");
  }
}
