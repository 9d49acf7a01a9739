package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundsTest {
  @ParameterizedTest
  @CsvSource({
    "0 < x < 1, 0, false",
    "0 < x < 1, 0.5, true",
    "0 < x < 1, 1, false",
    "0 <= x <= 1, 0, true",
    "0 <= x <= 1, 1, true",
    "0 <= x <= 1, 1.1, false",
    "x >= 1, 1, true",
    "x >= 1, 0, false",
    "x > 0, 0, false",
    "x < 3, 3, false",
    "3 > x, 2, true",
    "3 >= x, 4, false",
    "x <= -1, -1, true"
  })
  void conditionMeansWhatItSays(String condition, double value, boolean contained) {
    assertThat(Bounds.parse(condition).contain(value)).isEqualTo(contained);
  }

  @Test
  void whatIsNoConditionIsRefused() {
    assertThatThrownBy(() -> Bounds.parse("a number")).isInstanceOf(IllegalArgumentException.class);
  }
}
