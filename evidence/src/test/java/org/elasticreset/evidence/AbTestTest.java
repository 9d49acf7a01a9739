package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.Example;
import org.elasticreset.evidence.AbDecision.Verdict;

class AbTestTest {
  private static final double ALPHA = 0.05;

  /** A live comparison: stages of 1 %, 10 % and 50 %, and a metric that moves with the time. */
  private record Traffic(boolean bounded, double rate, double effect, int units) {
    Verdict verdict(Random random) {
      AbTest test = AbTest.of(plan(bounded));
      for (int i = 0; i < units; i++) {
        double share = i < units / 4 ? 0.01 : i < units / 2 ? 0.1 : 0.5;
        boolean inB = random.nextDouble() < share;
        double mean = rate * (1 + (double) i / units) + (inB ? effect : 0);
        double value =
            bounded
                ? random.nextDouble() < mean ? 1 : 0
                : mean * -Math.log(1 - random.nextDouble());
        test =
            test.with(new AbUnit(inB, share, OptionalDouble.of(value), 0, OptionalDouble.empty()));
        Verdict verdict = test.verdict();
        if (verdict != Verdict.UNDECIDED) {
          return verdict;
        }
      }
      return Verdict.UNDECIDED;
    }

    double share(Verdict wanted, int repetitions) {
      Random random = new Random(17);
      int count = 0;
      for (int i = 0; i < repetitions; i++) {
        count += verdict(random) == wanted ? 1 : 0;
      }
      return (double) count / repetitions;
    }
  }

  @Example
  void withoutAnEffectLookingAtEveryUnitShipsAsRarelyAsStated() {
    assertRare(new Traffic(true, 0.2, 0, 2000).share(Verdict.SHIP, 400), 400);
    assertRare(new Traffic(false, 2.0, 0, 2000).share(Verdict.SHIP, 400), 400);
  }

  @Example
  void withTheSmallestEffectItKeepsAsRarelyAsStated() {
    assertRare(new Traffic(true, 0.2, 0.1, 2000).share(Verdict.KEEP, 400), 400);
    assertRare(new Traffic(false, 2.0, 0.1, 2000).share(Verdict.KEEP, 400), 400);
  }

  @Example
  void aLargeEffectIsShipped() {
    assertThat(new Traffic(true, 0.2, 0.2, 4000).share(Verdict.SHIP, 100)).isGreaterThan(0.95);
    assertThat(new Traffic(false, 1.0, 1.0, 4000).share(Verdict.SHIP, 100)).isGreaterThan(0.95);
  }

  @Example
  void aHarmfulChangeIsKeptOut() {
    assertThat(new Traffic(true, 0.3, -0.15, 4000).share(Verdict.KEEP, 100)).isGreaterThan(0.95);
  }

  @Example
  void testingAtEveryUnitWithoutASequentialTestWouldShipOften() {
    Random random = new Random(17);
    int repetitions = 300;
    int wrong = 0;
    for (int i = 0; i < repetitions; i++) {
      wrong += fixedSampleTestEverSignificant(random) ? 1 : 0;
    }

    assertThat((double) wrong / repetitions).isGreaterThan(0.2);
  }

  private static boolean fixedSampleTestEverSignificant(Random random) {
    double sum = 0;
    for (int i = 1; i <= 2000; i++) {
      sum += random.nextGaussian();
      if (i >= 50 && Math.abs(sum) > 1.96 * Math.sqrt(i)) {
        return true;
      }
    }
    return false;
  }

  @Example
  void growingSharesAndAMetricThatMovesDoNotBiasTheEffect() {
    // A's mean is 1 while B has 1 %, and 3 while B has half: arms' plain means differ by 0.3.
    Random random = new Random(3);
    TwoArmEffect effect = TwoArmEffect.asymptotic(ALPHA, 20_000);
    for (int i = 0; i < 40_000; i++) {
      boolean early = i < 20_000;
      double share = early ? 0.1 : 0.5;
      boolean inB = random.nextDouble() < share;
      effect = effect.with(inB, share, (early ? 1 : 3) + random.nextGaussian());
    }

    assertThat(effect.b().mean() - effect.a().mean()).isGreaterThan(0.2);
    assertThat(effect.estimate()).isCloseTo(0, within(0.05));
    assertThat(effect.interval().contains(0)).isTrue();
  }

  @Example
  void aBrokenRewardGuardKeepsWhateverTheMetricSays() {
    AbPlan plan = guarded(OptionalDouble.of(0.05), OptionalDouble.empty());

    AbDecision decision = run(plan, 0.5, -0.3, 10, 2000).decision();

    assertThat(decision.verdict()).isEqualTo(Verdict.KEEP);
    assertThat(decision.because()).startsWith("B changes the reward by -0.3");
  }

  @Example
  void aBrokenDriftGuardKeepsWhateverTheMetricSays() {
    AbPlan plan = guarded(OptionalDouble.empty(), OptionalDouble.of(20));

    AbDecision decision = run(plan, 0.5, 0, 40, 2000).decision();

    assertThat(decision.verdict()).isEqualTo(Verdict.KEEP);
    assertThat(decision.because()).endsWith("nats, where 20.00 are allowed");
  }

  @Example
  void withinTheGuardsAGainIsShipped() {
    AbPlan plan = guarded(OptionalDouble.of(0.1), OptionalDouble.of(20));

    assertThat(run(plan, 0.5, 0.0, 10, 4000).decision().verdict()).isEqualTo(Verdict.SHIP);
  }

  @Example
  void aGuardThatIsNotShownToHoldDelaysTheShipping() {
    AbPlan plan = guarded(OptionalDouble.of(0.001), OptionalDouble.empty());

    AbDecision decision = run(plan, 0.5, 0.0, 10, 1000).decision();

    assertThat(decision.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(decision.because()).contains("where a fall of 0.001");
  }

  @Example
  void saysNothingBelowTheMinimum() {
    AbDecision decision =
        run(guarded(OptionalDouble.empty(), OptionalDouble.empty()), 0.9, 0, 0, 40).decision();

    assertThat(decision.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(decision.because()).endsWith("of the 50 outcomes that both need first");
  }

  @Example
  void theMeanOfOneStreamIsHeldAtAllTimes() {
    Random random = new Random(21);
    int repetitions = 1000;
    int missed = 0;
    for (int i = 0; i < repetitions; i++) {
      MeanSequence mean = MeanSequence.empty(ALPHA, 500);
      boolean ever = false;
      for (int k = 0; k < 1000; k++) {
        mean = mean.with(Simulated.SKEWED.draw(random));
        ever |= k >= 50 && !mean.interval().contains(1);
      }
      missed += ever ? 1 : 0;
    }

    assertRare((double) missed / repetitions, repetitions);
  }

  @Example
  void saysWhatWasWrong() {
    TwoArmEffect effect = TwoArmEffect.bounded(ALPHA, new TwoArmEffect.Bounds(0, 1));
    assertThatThrownBy(() -> effect.with(true, 0.5, 2))
        .hasMessage("value: 2.0 (expected: in Bounds[low=0.0, high=1.0])");
    assertThatThrownBy(() -> new TwoArmEffect.Bounds(1, 1))
        .hasMessage("high: 1.0 (expected: more than low, 1.0)");
    assertThatThrownBy(
            () ->
                new AbPlan(
                    0.7,
                    0,
                    Optional.empty(),
                    50,
                    100,
                    OptionalDouble.empty(),
                    OptionalDouble.empty()))
        .hasMessage("alpha: 0.7 (expected: 0 < alpha < 0.5)");
  }

  private static AbTest run(
      AbPlan plan, double gain, double rewardChange, double drift, int units) {
    Random random = new Random(1);
    AbTest test = AbTest.of(plan);
    for (int i = 0; i < units; i++) {
      boolean inB = random.nextBoolean();
      double value = random.nextGaussian() * 0.5 + (inB ? gain : 0);
      double reward = 0.5 + random.nextGaussian() * 0.3 + (inB ? rewardChange : 0);
      double nats = (inB ? drift : 5) + 3 * random.nextGaussian();
      test =
          test.with(
              new AbUnit(inB, 0.5, OptionalDouble.of(value), reward, OptionalDouble.of(nats)));
    }
    return test;
  }

  private static AbPlan plan(boolean bounded) {
    return new AbPlan(
        ALPHA,
        0.1,
        bounded ? Optional.of(new TwoArmEffect.Bounds(0, 1)) : Optional.empty(),
        50,
        2000,
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  private static AbPlan guarded(OptionalDouble rewardMargin, OptionalDouble driftLimit) {
    return new AbPlan(ALPHA, 0.05, Optional.empty(), 50, 2000, rewardMargin, driftLimit);
  }

  private static void assertRare(double share, int repetitions) {
    assertThat(share).isLessThanOrEqualTo(ALPHA + Simulated.tolerance(ALPHA, repetitions));
  }

  /** Measures what {@code docs/evidence.md} states. */
  public static void main(String[] arguments) {
    int repetitions = 1000;
    for (boolean bounded : new boolean[] {true, false}) {
      for (double effect : new double[] {0, 0.05, 0.1, 0.2, 0.4}) {
        Traffic traffic = new Traffic(bounded, bounded ? 0.2 : 1.0, effect, 4000);
        System.out.printf(
            "bounded %b effect %.2f: ship %.4f keep %.4f%n",
            bounded,
            effect,
            traffic.share(Verdict.SHIP, repetitions),
            traffic.share(Verdict.KEEP, repetitions));
      }
    }
  }
}
