package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class FrontTest {
  private static final Front FRONT =
      Front.of(Curves.curve(1, new double[] {0, 4, 2, 8}, new double[] {0.5, 0.7, 0.8, 0.9}));

  @Provide
  Arbitrary<Curve> curves() {
    Arbitrary<Double> drift = Arbitraries.doubles().between(0.01, 100);
    Arbitrary<Double> reward = Arbitraries.doubles().between(-1, 1);
    return Combinators.combine(drift.list().ofSize(6), reward.list().ofSize(7))
        .as(
            (drifts, rewards) -> {
              List<EvaluationPoint> points = new ArrayList<>();
              points.add(new EvaluationPoint(0, 0, rewards.get(6)));
              for (int i = 0; i < 6; i++) {
                points.add(new EvaluationPoint(i + 1, drifts.get(i), rewards.get(i)));
              }
              return new Curve(1, points);
            });
  }

  @Example
  void leavesOutWhatIsBeatenInBoth() {
    assertThat(FRONT.points()).extracting(EvaluationPoint::drift).containsExactly(0.0, 2.0, 8.0);
  }

  @Example
  void givesTheRewardWithinADriftByHand() {
    assertThat(FRONT.rewardAt(0, Interpolation.LINEAR)).hasValue(0.5);
    assertThat(FRONT.rewardAt(1, Interpolation.LINEAR).orElseThrow())
        .isCloseTo(0.65, within(1e-12));
    assertThat(FRONT.rewardAt(1, Interpolation.STAIR)).hasValue(0.5);
    assertThat(FRONT.rewardAt(5, Interpolation.LINEAR).orElseThrow())
        .isCloseTo(0.85, within(1e-12));
    assertThat(FRONT.rewardAt(5, Interpolation.STAIR)).hasValue(0.8);
    assertThat(FRONT.rewardAt(80, Interpolation.LINEAR)).hasValue(0.9);
    assertThat(FRONT.rewardAt(-1, Interpolation.LINEAR)).isEmpty();
  }

  @Example
  void givesTheAreaByHand() {
    // Trapezoids 2 · 0.65 + 6 · 0.85 + 2 · 0.9, and steps 2 · 0.5 + 6 · 0.8 + 2 · 0.9, over 10.
    assertThat(FRONT.area(DriftRange.upTo(10), Interpolation.LINEAR).orElseThrow())
        .isCloseTo(0.82, within(1e-12));
    assertThat(FRONT.area(DriftRange.upTo(10), Interpolation.STAIR).orElseThrow())
        .isCloseTo(0.76, within(1e-12));
    assertThat(FRONT.area(new DriftRange(1, 2), Interpolation.LINEAR).orElseThrow())
        .isCloseTo(0.725, within(1e-12));
    assertThat(FRONT.area(new DriftRange(-1, 2), Interpolation.LINEAR)).isEmpty();
  }

  @Property
  void holdsNoPointThatAnotherBeats(@ForAll("curves") Curve curve) {
    Front front = Front.of(curve);

    assertThat(front.points())
        .allSatisfy(point -> assertThat(curve.points()).noneMatch(other -> other.dominates(point)));
    assertThat(curve.points())
        .allSatisfy(
            point ->
                assertThat(front.points())
                    .anyMatch(kept -> kept.dominates(point) || sameFigures(kept, point)));
  }

  @Property
  void moreDriftNeverOffersLess(
      @ForAll("curves") Curve curve,
      @ForAll @DoubleRange(min = 0, max = 120) double drift,
      @ForAll @DoubleRange(min = 0, max = 50) double more,
      @ForAll Interpolation interpolation) {
    Front front = Front.of(curve);

    assertThat(front.rewardAt(drift + more, interpolation).orElseThrow())
        .isGreaterThanOrEqualTo(front.rewardAt(drift, interpolation).orElseThrow() - 1e-12);
  }

  @Property
  void theStairIsWhatWasEvaluated(
      @ForAll("curves") Curve curve, @ForAll @DoubleRange(min = 0, max = 120) double drift) {
    double best =
        curve.points().stream()
            .filter(point -> point.drift() <= drift)
            .mapToDouble(EvaluationPoint::reward)
            .max()
            .orElseThrow();

    assertThat(Front.of(curve).rewardAt(drift, Interpolation.STAIR)).hasValue(best);
    assertThat(Front.of(curve).rewardAt(drift, Interpolation.LINEAR).orElseThrow())
        .isGreaterThanOrEqualTo(best);
  }

  @Property(tries = 100)
  void theAreaIsTheMeanHeight(
      @ForAll("curves") Curve curve,
      @ForAll @DoubleRange(min = 1, max = 120) double limit,
      @ForAll Interpolation interpolation) {
    Front front = Front.of(curve);
    int strips = 20_000;
    double sum = 0;
    for (int i = 0; i < strips; i++) {
      sum += front.rewardAt(limit * (i + 0.5) / strips, interpolation).orElseThrow();
    }

    assertThat(front.area(DriftRange.upTo(limit), interpolation).orElseThrow())
        .isCloseTo(sum / strips, within(1e-3));
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new Curve(1, List.of()))
        .hasMessage("points: none (expected: at least one evaluation)");
    assertThatThrownBy(
            () -> new Curve(1, List.of(new EvaluationPoint(4, 0, 0), new EvaluationPoint(4, 1, 0))))
        .hasMessage("step: 4 (expected: more than 4, the one before)");
    assertThatThrownBy(() -> new EvaluationPoint(1, Double.NaN, 0))
        .hasMessage("drift: NaN (expected: a finite number)");
    assertThatThrownBy(() -> DriftRange.upTo(0)).hasMessage("upTo: 0.0 (expected: more than 0.0)");
  }

  private static boolean sameFigures(EvaluationPoint a, EvaluationPoint b) {
    return a.drift() == b.drift() && a.reward() == b.reward();
  }
}
