package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import net.jqwik.api.Example;

class SignFlipTest {
  @Example
  void countsPatternsByHand() {
    // Sums of ±1 ±2 ±3 that are 6 or −6: 2 of 8; of ±1 ±2 ±(−1), observed 2: all but sums of 0.
    assertThat(SignFlip.pValue(new double[] {1, 2, 3})).isEqualTo(0.25);
    assertThat(SignFlip.pValue(new double[] {1, 2, -1})).isEqualTo(0.75);
  }

  @Example
  void fiveSeedsCanNeverSpeakAtFivePercent() {
    double p = SignFlip.pValue(new double[] {10, 11, 12, 13, 14});

    assertThat(p).isEqualTo(0.0625).isEqualTo(SignFlip.smallestPossible(5));
  }

  @Example
  void equalRunsAreNotDistinguished() {
    assertThat(SignFlip.pValue(new double[] {0, 0, 0, 0})).isEqualTo(1);
  }

  @Example
  void drawsPatternsWhereThereAreTooManyToCount() {
    double[] differences = DoubleStream.iterate(-3, d -> d + 0.5).limit(21).toArray();

    double drawn = SignFlip.pValue(differences);

    // By the normal approximation: sum 42, √Σd² = 15.8, z = 2.66.
    assertThat(drawn).isCloseTo(0.0078, within(0.003));
  }

  @Example
  void falseClaimsAreAsRareAsStatedUnderAnySymmetricDistribution() {
    Random random = new Random(3);
    int repetitions = 4000;
    int claims = 0;
    for (int i = 0; i < repetitions; i++) {
      claims += SignFlip.pValue(Simulated.HEAVY_TAILED.draw(8, random)) <= 0.05 ? 1 : 0;
    }

    // Exactly 12 of 256 patterns may be called.
    assertThat((double) claims / repetitions)
        .isCloseTo(12.0 / 256, within(Simulated.tolerance(12.0 / 256, repetitions)));
  }
}
