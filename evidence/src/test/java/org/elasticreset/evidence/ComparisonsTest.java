package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;

class ComparisonsTest {
  private static final Arm BASELINE = Curves.straight("ppo", 10, 0.30, 0.31, 0.29, 0.32, 0.28);
  private static final Arm HIGHER =
      Curves.straight("elastic-reset", 10, 0.40, 0.42, 0.40, 0.41, 0.38);
  private static final Arm LIKE = Curves.straight("ema-only", 10, 0.25, 0.35, 0.29, 0.36, 0.24);
  private static final Arm LOWER = Curves.straight("frozen", 10, 0.01, 0.0, 0.0, 0.01, 0.0);
  private static final Arm ALONE = Curves.straight("one-seed", 10, 0.4);

  @Example
  void saysWhichAreBetterWorseAndNotDistinguishable() {
    List<Comparison> comparisons = compare(BASELINE, HIGHER, LIKE, LOWER, ALONE);

    assertThat(comparisons)
        .extracting(Comparison::verdict)
        .containsExactly(
            Verdict.BETTER, Verdict.NOT_DISTINGUISHABLE, Verdict.WORSE, Verdict.TOO_FEW_SEEDS);
  }

  @Example
  void pairsBySeedAndNamesWhatHasNoPartner() {
    Comparison alone = compare(BASELINE, ALONE).get(0);

    assertThat(alone.differences().seeds()).containsExactly(1L);
    assertThat(alone.differences().unpaired()).containsExactly(2L, 3L, 4L, 5L);
    assertThat(alone.meanDifference()).isCloseTo(0.1, within(1e-12));
    assertThat(alone.inference()).isEmpty();
  }

  @Example
  void givesTheIntervalOfOneArmAndTheCorrectionForAll() {
    Comparison one = compare(BASELINE, HIGHER).get(0);
    Comparison ofThree = compare(BASELINE, HIGHER, LIKE, LOWER).get(0);

    Comparison.Inference alone = one.inference().orElseThrow();
    Comparison.Inference among = ofThree.inference().orElseThrow();
    assertThat(among.interval()).isEqualTo(alone.interval());
    assertThat(alone.pHolm()).isEqualTo(alone.pValue());
    assertThat(among.pHolm()).isEqualTo(2 * among.pValue());
    assertThat(among.smallestDetectable()).isGreaterThan(alone.smallestDetectable());
    assertThat(alone.pSignFlip()).isEqualTo(0.0625);
  }

  private static List<Comparison> compare(Arm baseline, Arm... arms) {
    return Comparisons.against(
        baseline, List.of(arms), curve -> OptionalDouble.of(curve.last().reward()), 0.95);
  }
}
