package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Example;

class FrontBandTest {
  @Example
  void givesMeanAndStandardErrorOverSeeds() {
    Arm arm = Curves.straight("a", 10, 0.2, 0.4, 0.3);

    FrontBand band = FrontBand.of(arm, List.of(10.0, 5.0), Interpolation.LINEAR);

    assertThat(band.heights()).extracting(FrontBand.Height::drift).containsExactly(5.0, 10.0);
    assertThat(band.heights().get(1).mean()).isCloseTo(0.8, within(1e-12));
    assertThat(band.heights().get(1).standardError()).isCloseTo(0.1 / Math.sqrt(3), within(1e-12));
    assertThat(band.heights().get(0).mean()).isCloseTo(0.65, within(1e-12));
  }

  @Example
  void saysHowManySeedsDriftedSoFarAndLeavesOutWhereOneHasNoPolicy() {
    Arm arm =
        new Arm(
            "a",
            List.of(
                Curves.curve(1, new double[] {0, 10}, new double[] {0.5, 0.9}),
                Curves.curve(2, new double[] {2, 30}, new double[] {0.5, 0.9})));

    FrontBand band = FrontBand.of(arm, List.of(1.0, 20.0), Interpolation.LINEAR);

    assertThat(band.heights()).hasSize(1);
    assertThat(band.heights().get(0).reached()).isEqualTo(1);
  }

  @Example
  void aGridHasBothEnds() {
    assertThat(FrontBand.grid(new DriftRange(0, 8), 5)).containsExactly(0.0, 2.0, 4.0, 6.0, 8.0);
  }
}
