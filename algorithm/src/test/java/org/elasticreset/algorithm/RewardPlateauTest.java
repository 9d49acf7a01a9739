package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.elasticreset.algorithm.ResetTrigger.Finding;
import org.elasticreset.algorithm.ResetTrigger.UpdatesSince;
import org.elasticreset.algorithm.TriggerMemory.Nothing;
import org.elasticreset.algorithm.TriggerMemory.Steps;

class RewardPlateauTest {
  private static final RewardPlateau PLATEAU = new RewardPlateau(6, 0.1);

  @Property
  void firesWhereTheSlopeIsBelowTheThresholdAndNowhereElse(
      @ForAll @DoubleRange(min = -1, max = 1) double slope) {
    Assume.that(Math.abs(slope - 0.1) > 1e-9);

    assertThat(firstDue(nats -> slope * nats, 1, 40) > 0).isEqualTo(slope < 0.1);
  }

  @Example
  void neverBeforeTheWindowIsFull() {
    assertThat(firstDue(nats -> 0, 1, 40)).isEqualTo(6);
  }

  @Example
  void neverWhileNoDriftIsSpent() {
    assertThat(firstDue(nats -> 0, 0, 40)).isZero();
  }

  @Example
  void driftThatOnlyScattersSpendsNothing() {
    Random random = new Random(1);
    int fired = 0;
    for (int run = 0; run < 200; run++) {
      TriggerMemory memory = new Nothing();
      for (int step = 1; step <= 6; step++) {
        Finding finding = PLATEAU.find(memory, since(step), step(0, random.nextGaussian()));
        fired += finding.due().isPresent() ? 1 : 0;
        memory = finding.memory();
      }
    }

    assertThat(fired).isLessThan(20);
  }

  @Example
  void saysWhatItFound() {
    TriggerMemory memory = new Nothing();
    Optional<String> due = Optional.empty();
    for (int step = 1; step <= 6; step++) {
      Finding finding = PLATEAU.find(memory, since(step), step(0.05 * step, step));
      memory = finding.memory();
      due = finding.due();
    }

    assertThat(due)
        .contains(
            "reward rose by 0.150 over 3.00 nats in 6 steps (expected: at least 0.100 a nat)");
    assertThat(((Steps) memory).steps()).hasSize(6);
  }

  @Example
  void stepsWithoutFiguresAreNone() {
    TriggerMemory memory = new Steps(java.util.List.of());

    assertThat(PLATEAU.find(memory, since(1), new UpdateObserved(1, true, OptionalDouble.empty())))
        .isEqualTo(Finding.nothing(memory));
    assertThat(PLATEAU.find(memory, since(1), new UpdateObserved(1, true, OptionalDouble.of(1))))
        .isEqualTo(Finding.nothing(memory));
  }

  @Example
  void beginsAnewBehindAResetAndARefusal() {
    TriggerMemory memory = PLATEAU.find(new Nothing(), since(1), step(1, 1)).memory();

    assertThat(PLATEAU.afterReset(memory)).isEqualTo(new Nothing());
    assertThat(PLATEAU.afterRefusal(memory)).isEqualTo(new Nothing());
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new RewardPlateau(5, 0.1))
        .hasMessage("window: 5 (expected: an even number, at least 4)");
    assertThatThrownBy(() -> new RewardPlateau(2, 0.1))
        .hasMessage("window: 2 (expected: an even number, at least 4)");
    assertThatThrownBy(() -> new RewardPlateau(6, Double.NaN))
        .hasMessage("gainPerNat: NaN (expected: a finite number)");
    assertThatThrownBy(
            () ->
                new UpdateObserved(
                    1,
                    true,
                    OptionalDouble.empty(),
                    OptionalDouble.of(Double.NaN),
                    Optional.empty()))
        .hasMessage("rewardMean: NaN (expected: a finite number)");
  }

  /** The first step that it fires at; 0 if at none. */
  private static int firstDue(DoubleUnaryOperator rewardOfNats, double natsAStep, int steps) {
    TriggerMemory memory = new Nothing();
    for (int step = 1; step <= steps; step++) {
      double nats = natsAStep * step;
      Finding finding =
          PLATEAU.find(memory, since(step), step(rewardOfNats.applyAsDouble(nats), nats));
      if (finding.due().isPresent()) {
        return step;
      }
      memory = finding.memory();
    }
    return 0;
  }

  private static UpdatesSince since(long updates) {
    return new UpdatesSince(updates, updates);
  }

  private static UpdateObserved step(double reward, double nats) {
    return new UpdateObserved(
        1, true, OptionalDouble.of(nats), OptionalDouble.of(reward), Optional.empty());
  }
}
