package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.Example;

class HolmTest {
  @Example
  void correctsByHand() {
    // Sorted .01 ×4, .02 ×3, .03 ×2, .2 ×1; in R: p.adjust(c(.02, .2, .01, .03), "holm").
    double[] adjusted = Holm.adjusted(new double[] {0.02, 0.2, 0.01, 0.03});

    assertThat(adjusted).containsExactly(new double[] {0.06, 0.2, 0.04, 0.06}, within(1e-12));
  }

  @Example
  void neverExceedsOneAndNeverReordersTheClaims() {
    assertThat(Holm.adjusted(new double[] {0.9, 0.6})).containsExactly(1, 1);
  }

  @Example
  void oneFalseClaimAmongFiveArmsIsAsRareAsStatedThoughTheyShareABaseline() {
    Random random = new Random(9);
    int repetitions = 1000;
    int wrong = 0;
    for (int i = 0; i < repetitions; i++) {
      double[] baseline = Simulated.NORMAL.draw(5, random);
      double[] pValues = new double[5];
      for (int arm = 0; arm < 5; arm++) {
        double[] differences = Simulated.NORMAL.draw(5, random);
        for (int seed = 0; seed < 5; seed++) {
          differences[seed] -= baseline[seed];
        }
        pValues[arm] = new PairedBootstrap(differences).pValue();
      }
      double smallest = 1;
      for (double p : Holm.adjusted(pValues)) {
        smallest = Math.min(smallest, p);
      }
      wrong += smallest <= 0.05 ? 1 : 0;
    }

    assertThat((double) wrong / repetitions)
        .isLessThanOrEqualTo(0.05 + Simulated.tolerance(0.05, repetitions));
  }
}
