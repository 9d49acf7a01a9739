package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;

class DriftLevelsTest {
  private static final Arm FAR = Curves.straight("ppo", 104.2, 0.4, 0.4);
  private static final Arm NEAR = Curves.straight("elastic-reset", 41.9, 0.4, 0.4);

  @Example
  void levelsLeadFromAQuarterOfTheCommonReachToTheLongestReach() {
    DriftLevels levels = levels(FAR, NEAR);

    assertThat(levels.levels())
        .containsExactly(
            new DriftLevels.Level(10, false, List.of()),
            new DriftLevels.Level(20, false, List.of()),
            new DriftLevels.Level(41, true, List.of()),
            new DriftLevels.Level(100, false, List.of("elastic-reset")));
  }

  @Example
  void anArmThatNeverDriftedIsNamedAndDoesNotHoldTheOthersBack() {
    DriftLevels levels = levels(NEAR, Curves.straight("frozen", 1e-9, 0, 0));
    DriftLevels withoutIt = levels(NEAR, still());

    assertThat(levels.primary().drift()).isLessThan(1e-8);
    assertThat(withoutIt.primary()).isEqualTo(new DriftLevels.Level(41, true, List.of("frozen")));
  }

  @Example
  void aGapToTheLongestReachIsFilledByDoubling() {
    assertThat(levels(FAR, Curves.straight("reset-to-initial", 10.4, 0.4, 0.4)).levels())
        .extracting(DriftLevels.Level::drift)
        .containsExactly(2.6, 5.2, 10.0, 20.0, 41.0, 100.0);
  }

  @Example
  void aPlannedDriftIsPrimaryAndTakenAsItIs() {
    DriftLevels levels = DriftLevels.of(List.of(FAR, NEAR), OptionalDouble.of(55.5));

    assertThat(levels.primary())
        .isEqualTo(new DriftLevels.Level(55.5, true, List.of("elastic-reset")));
    assertThat(levels.levels())
        .extracting(DriftLevels.Level::drift)
        .containsExactly(10.0, 20.0, 41.0, 55.5, 100.0);
  }

  @Example
  void aPlannedDriftThatNobodyHasIsRefused() {
    assertThatThrownBy(() -> DriftLevels.of(List.of(FAR), OptionalDouble.of(0)))
        .hasMessage("planned drift: 0.0 (expected: above 0.0, where runs begin)");
  }

  @Example
  void perplexityBeginsAtThatOfTheInitialPolicy() {
    Arm arm =
        new Arm("a", List.of(Curves.curve(1, new double[] {69, 133}, new double[] {0.5, 0.9})));

    assertThat(DriftLevels.floor(List.of(arm))).isEqualTo(69);
    assertThat(levels(arm).levels())
        .extracting(DriftLevels.Level::drift)
        .containsExactly(85.0, 100.0, 130.0);
  }

  @Example
  void saysThatNobodyDrifted() {
    assertThatThrownBy(() -> levels(still()))
        .hasMessage("arms: none drifted beyond 0.0 (expected: at least one)");
  }

  private static DriftLevels levels(Arm... arms) {
    return DriftLevels.of(List.of(arms), OptionalDouble.empty());
  }

  private static Arm still() {
    return new Arm("frozen", List.of(Curves.curve(1, new double[] {0}, new double[] {0.5})));
  }
}
