package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;

class SensitivityTest {
  @Example
  void givesTheShareOfAGridWithoutNoiseByHand() {
    // y = 3a + b over a, b ∈ {−1, 1}: variances 9 and 1. Of so few runs the correction takes
    // (1 · 4/2)/40 off the first and leaves nothing of the second.
    List<Trial> trials = new ArrayList<>();
    for (double a : new double[] {-1, 1}) {
      for (double b : new double[] {-1, 1}) {
        trials.add(Trial.of(Map.of("a", a, "b", b), 1, 3 * a + b));
      }
    }

    List<MainEffect> effects = Sensitivity.of(trials, 0.9);

    assertThat(effects).extracting(MainEffect::setting).containsExactly("a", "b");
    assertThat(effects.get(0).share()).isCloseTo(0.9 - 2.0 / 40, within(1e-12));
    assertThat(effects.get(0).range()).isEqualTo(6);
    assertThat(effects.get(1).share()).isZero();
    assertThat(effects.get(0).best().low()).isEqualTo(1);
  }

  @Example
  void tellsWhatMattersFromWhatIsFlatOnAGridOverSeeds() {
    List<Trial> trials = grid(new Random(4), 8, 10);

    List<MainEffect> effects = Sensitivity.of(trials, 0.9);

    assertThat(effects).extracting(MainEffect::setting).startsWith("decay");
    assertThat(effects.get(0).influence()).isEqualTo(MainEffect.Influence.MATTERS);
    assertThat(effects.get(1).influence()).isEqualTo(MainEffect.Influence.FLAT);
    assertThat(effects.get(0).levels()).hasSize(4).allMatch(level -> level.low() == level.high());
  }

  @Example
  void whatSeedsAddIsTakenOut() {
    List<MainEffect> alike = Sensitivity.of(grid(new Random(4), 8, 0), 0.9);
    List<MainEffect> apart = Sensitivity.of(grid(new Random(4), 8, 10), 0.9);

    assertThat(apart.get(0).share()).isCloseTo(alike.get(0).share(), within(1e-9));
    assertThat(apart.get(0).pValue()).isEqualTo(alike.get(0).pValue());
  }

  @Example
  void findsTheSharesOfALowDiscrepancySample() {
    // y = 2 x₁ + x₂ over the unit cube, and x₃ does nothing: shares 0.8, 0.2 and 0.
    List<Trial> trials = new ArrayList<>();
    for (int i = 1; i <= 256; i++) {
      double x1 = fraction(i * 0.8191725133961645);
      double x2 = fraction(i * 0.6710436067037893);
      double x3 = fraction(i * 0.5497004779019703);
      trials.add(Trial.of(Map.of("x1", x1, "x2", x2, "x3", x3), 1, 2 * x1 + x2));
    }

    List<MainEffect> effects = Sensitivity.of(trials, 0.9);

    // Eight bins lose the variance within a bin: 1/64 of each share.
    assertThat(effects.get(0).share()).isCloseTo(0.8, within(0.03));
    assertThat(effects.get(1).share()).isCloseTo(0.2, within(0.03));
    assertThat(effects.get(2).share()).isCloseTo(0.0, within(0.03));
    assertThat(effects.get(0).levels()).hasSize(8);
  }

  @Example
  void callsAnIdleSettingInfluentialAsRarelyAsStated() {
    Random random = new Random(6);
    int repetitions = 400;
    int claims = 0;
    for (int i = 0; i < repetitions; i++) {
      List<MainEffect> effects = Sensitivity.of(noise(random), 0.9);
      claims += effects.get(0).influence() == MainEffect.Influence.MATTERS ? 1 : 0;
    }

    assertThat((double) claims / repetitions)
        .isLessThanOrEqualTo(0.05 + Simulated.tolerance(0.05, repetitions));
  }

  @Example
  void theIntervalHoldsTheTrueShareAboutAsOftenAsStated() {
    // y = effect of four levels with variance 1.25 · 0.8, noise of variance 1: share 0.5.
    Random random = new Random(8);
    int repetitions = 300;
    int covered = 0;
    for (int i = 0; i < repetitions; i++) {
      List<Trial> trials = new ArrayList<>();
      for (int run = 0; run < 48; run++) {
        double level = run % 4;
        double y = (level - 1.5) * Math.sqrt(0.8) + random.nextGaussian();
        trials.add(Trial.of(Map.of("a", level), run, y));
      }
      covered += Sensitivity.of(trials, 0.9).get(0).shareInterval().contains(0.5) ? 1 : 0;
    }

    assertThat((double) covered / repetitions)
        .isBetween(0.9 - Simulated.tolerance(0.9, repetitions), 1.0);
  }

  @Example
  void saysWhatWasWrong() {
    Trial a = Trial.of(Map.of("a", 1.0), 1, 0);
    Trial b = Trial.of(Map.of("b", 1.0), 1, 0);
    assertThatThrownBy(() -> Sensitivity.of(List.of(a), 0.9))
        .hasMessage("runs: 1 (expected: at least 4)");
    assertThatThrownBy(() -> Sensitivity.of(List.of(a, a, a, b), 0.9))
        .hasMessage("settings: [b] (expected: those of the other runs, [a])");
  }

  /** Reward falls with decay, does not depend on the interval; seeds differ by {@code apart}. */
  private static List<Trial> grid(Random random, int seeds, double apart) {
    List<Trial> trials = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      for (double decay : new double[] {0.5, 0.8, 0.9, 0.95}) {
        for (double every : new double[] {6, 12, 24}) {
          double reward = 0.9 - decay + 0.02 * random.nextGaussian() + apart * seed;
          trials.add(Trial.of(Map.of("decay", decay, "every", every), seed, reward));
        }
      }
    }
    return trials;
  }

  private static List<Trial> noise(Random random) {
    List<Trial> trials = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      for (double a = 0; a < 4; a++) {
        for (double b = 0; b < 3; b++) {
          trials.add(Trial.of(Map.of("a", a, "b", b), seed, random.nextGaussian()));
        }
      }
    }
    return trials;
  }

  private static double fraction(double value) {
    return value - Math.floor(value);
  }
}
