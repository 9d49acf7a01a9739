package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class PairedBootstrapTest {
  @Provide
  Arbitrary<double[]> differences() {
    return Arbitraries.doubles().between(-10, 10).array(double[].class).ofMinSize(2).ofMaxSize(7);
  }

  @Example
  void isStudentsIntervalForTwoSymmetricValues() {
    Interval interval = new PairedBootstrap(new double[] {-1, 1}).interval(0.95);

    // t_{0.975, 1} = 12.706; s/√n = 1; the bootstrap's own limit: ±1 · 12.706/1.96 · √2 = ±9.17.
    assertThat(interval.low()).isCloseTo(-12.706, within(1e-3));
    assertThat(interval.high()).isCloseTo(12.706, within(1e-3));
  }

  @Example
  void reachesFurtherOnTheSideOfTheSkew() {
    Interval interval = new PairedBootstrap(new double[] {0, 0, 0, 0, 1}).interval(0.95);

    // Mean 0.2, s = 0.4472, t_{0.975, 4} = 2.7764: Student's ± 0.5553. The 97.5 % quantile of the
    // resampled mean is 0.6 (binomial(5, 0.2)): 0.4 · 2.7764/1.96 · √(5/4) = 0.6335.
    assertThat(interval.low()).isCloseTo(0.2 - 0.5553, within(1e-3));
    assertThat(interval.high()).isCloseTo(0.2 + 0.6335, within(1e-3));
  }

  @Property
  void movesAndGrowsWithTheDifferences(
      @ForAll("differences") double[] differences,
      @ForAll @DoubleRange(min = -5, max = 5) double shift,
      @ForAll @DoubleRange(min = 0.1, max = 5) double scale) {
    Interval interval = new PairedBootstrap(differences).interval(0.9);

    Interval moved =
        new PairedBootstrap(Arrays.stream(differences).map(d -> shift + scale * d).toArray())
            .interval(0.9);

    assertThat(moved.low()).isCloseTo(shift + scale * interval.low(), within(1e-6));
    assertThat(moved.high()).isCloseTo(shift + scale * interval.high(), within(1e-6));
  }

  @Property
  void moreConfidenceIsWider(@ForAll("differences") double[] differences) {
    PairedBootstrap bootstrap = new PairedBootstrap(differences);

    Interval narrow = bootstrap.interval(0.8);
    Interval wide = bootstrap.interval(0.99);

    assertThat(wide.low()).isLessThanOrEqualTo(narrow.low() + 1e-12);
    assertThat(wide.high()).isGreaterThanOrEqualTo(narrow.high() - 1e-12);
  }

  @Property
  void thePValueIsWhereTheIntervalReachesZero(@ForAll("differences") double[] differences) {
    PairedBootstrap bootstrap = new PairedBootstrap(differences);

    double p = bootstrap.pValue();

    if (p > 1e-6 && p < 0.99) {
      assertThat(bootstrap.interval(1 - p * 1.001).contains(0)).isFalse().as("just above p");
      assertThat(bootstrap.interval(1 - p * 0.99).contains(0)).isTrue().as("just below p");
    }
  }

  @Example
  void equalRunsAreNotDistinguished() {
    assertThat(new PairedBootstrap(new double[] {0, 0, 0}).pValue()).isEqualTo(1);
  }

  @Example
  void oneSeedIsRefused() {
    assertThatThrownBy(() -> new PairedBootstrap(new double[] {1}))
        .hasMessage("seeds: 1 (expected: at least 2: one says nothing about chance)");
  }

  /** The figures of docs/evidence.md, which were measured with more repetitions. */
  @Example
  void coversAsTheDocumentationSays() {
    assertCoverage(Simulated.NORMAL, 3, 4000, 0.957);
    assertCoverage(Simulated.NORMAL, 5, 4000, 0.953);
    assertCoverage(Simulated.NORMAL, 10, 400, 0.952);
    assertCoverage(Simulated.SKEWED, 3, 4000, 0.899);
    assertCoverage(Simulated.SKEWED, 5, 4000, 0.890);
    assertCoverage(Simulated.SKEWED, 10, 400, 0.907);
    assertCoverage(Simulated.HEAVY_TAILED, 3, 4000, 0.968);
    assertCoverage(Simulated.HEAVY_TAILED, 5, 4000, 0.965);
    assertCoverage(Simulated.HEAVY_TAILED, 10, 400, 0.961);
  }

  @Example
  void falseClaimsAreAsRareAsStatedOnNormalDifferences() {
    Random random = new Random(5);
    int repetitions = 4000;
    int claims = 0;
    for (int i = 0; i < repetitions; i++) {
      claims += new PairedBootstrap(Simulated.NORMAL.draw(5, random)).pValue() <= 0.05 ? 1 : 0;
    }

    assertThat((double) claims / repetitions)
        .isLessThanOrEqualTo(0.05 + Simulated.tolerance(0.05, repetitions));
  }

  private static void assertCoverage(
      Simulated distribution, int seeds, int repetitions, double documented) {
    double coverage = coverage(distribution, seeds, repetitions, new Random(11));

    assertThat(coverage)
        .as(distribution + " at " + seeds)
        .isCloseTo(documented, within(Simulated.tolerance(documented, repetitions)));
  }

  private static double coverage(
      Simulated distribution, int seeds, int repetitions, Random random) {
    int covered = 0;
    for (int i = 0; i < repetitions; i++) {
      Interval interval = new PairedBootstrap(distribution.draw(seeds, random)).interval(0.95);
      covered += interval.contains(distribution.mean()) ? 1 : 0;
    }
    return (double) covered / repetitions;
  }

  /** Measures what {@code docs/evidence.md} states. */
  public static void main(String[] arguments) {
    for (Simulated distribution : Simulated.values()) {
      for (int seeds : new int[] {3, 5, 10}) {
        int repetitions = seeds == 10 ? 20_000 : 100_000;
        double coverage = coverage(distribution, seeds, repetitions, new Random(1));
        System.out.printf("%s n = %d: %.4f%n", distribution, seeds, coverage);
      }
    }
  }
}
