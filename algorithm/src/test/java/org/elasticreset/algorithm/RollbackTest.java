package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;

class RollbackTest {
  private final List<Rollback> rollbacks = List.of(new Rollback(5, 9), new Rollback(9, 11));

  @Example
  void abandonsWhatLiesBetween() {
    assertThat(List.of(5L, 6L, 8L, 9L, 10L, 11L))
        .filteredOn(version -> Rollback.anyAbandons(rollbacks, version))
        .containsExactly(6L, 8L, 10L);
  }

  @Example
  void countsOnlyUpdatesThatWereKept() {
    assertThat(Rollback.updatesBetween(rollbacks, 4, 12)).isEqualTo(2);
    assertThat(Rollback.updatesBetween(rollbacks, 5, 9)).isZero();
    assertThat(Rollback.updatesBetween(rollbacks, 11, 12)).isEqualTo(1);
    assertThat(Rollback.updatesBetween(rollbacks, 4, 5)).isEqualTo(1);
    assertThat(Rollback.updatesBetween(rollbacks, 12, 11)).isZero();
  }

  @Example
  void refusesToGoForward() {
    assertThatThrownBy(() -> new Rollback(0, 2)).hasMessage("version: 0 (expected: version > 0)");
    assertThatThrownBy(() -> new Rollback(2, 2))
        .hasMessage("republishedAs: 2 (expected: more than version 2)");
  }
}
