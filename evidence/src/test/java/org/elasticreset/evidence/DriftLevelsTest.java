package org.elasticreset.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;

class DriftLevelsTest {
  private static final Arm FAR = Curves.straight("ppo", 104.2, 0.4, 0.4);
  private static final Arm NEAR = Curves.straight("elastic-reset", 41.9, 0.4, 0.4);

  @Example
  void levelsAreQuartersOfTheCommonReachAndTheLongestReach() {
    DriftLevels levels = DriftLevels.of(List.of(FAR, NEAR));

    assertThat(levels.levels())
        .containsExactly(
            new DriftLevels.Level(10, false, List.of()),
            new DriftLevels.Level(20, false, List.of()),
            new DriftLevels.Level(41, true, List.of()),
            new DriftLevels.Level(100, false, List.of("elastic-reset")));
  }

  @Example
  void anArmThatNeverDriftedIsNamedAndDoesNotHoldTheOthersBack() {
    DriftLevels levels = DriftLevels.of(List.of(NEAR, Curves.straight("frozen", 1e-9, 0, 0)));
    DriftLevels withoutIt = DriftLevels.of(List.of(NEAR, still()));

    assertThat(levels.primary().drift()).isLessThan(1e-8);
    assertThat(withoutIt.primary()).isEqualTo(new DriftLevels.Level(41, true, List.of("frozen")));
  }

  @Example
  void aUsersLevelsAreTakenAsTheyAreTheFirstPrimary() {
    DriftLevels levels = DriftLevels.given(List.of(50.0, 12.5), List.of(FAR, NEAR));

    assertThat(levels.levels())
        .containsExactly(
            new DriftLevels.Level(12.5, false, List.of()),
            new DriftLevels.Level(50, true, List.of("elastic-reset")));
  }

  @Example
  void perplexityBeginsAtThatOfTheInitialPolicy() {
    Arm arm =
        new Arm("a", List.of(Curves.curve(1, new double[] {69, 133}, new double[] {0.5, 0.9})));

    assertThat(DriftLevels.floor(List.of(arm))).isEqualTo(69);
    assertThat(DriftLevels.of(List.of(arm)).levels())
        .extracting(DriftLevels.Level::drift)
        .containsExactly(85.0, 100.0, 130.0);
  }

  @Example
  void saysThatNobodyDrifted() {
    assertThatThrownBy(() -> DriftLevels.of(List.of(still())))
        .hasMessage("arms: none drifted beyond 0.0 (expected: at least one)");
  }

  private static Arm still() {
    return new Arm("frozen", List.of(Curves.curve(1, new double[] {0}, new double[] {0.5})));
  }
}
