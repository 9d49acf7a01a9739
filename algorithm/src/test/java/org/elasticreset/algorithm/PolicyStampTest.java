package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;

class PolicyStampTest {
  @Example
  void ordersByVersionThenEpoch() {
    assertThat(new PolicyStamp(2, 0)).isLessThan(new PolicyStamp(3, 0));
    assertThat(new PolicyStamp(3, 0)).isLessThan(new PolicyStamp(3, 1));
    assertThat(new PolicyStamp(3, 1)).isEqualByComparingTo(new PolicyStamp(3, 1));
  }

  @Example
  void knowsWhetherAResetLiesBetween() {
    assertThat(new PolicyStamp(4, 0).isOfEarlierEpochThan(new PolicyStamp(5, 1))).isTrue();
    assertThat(new PolicyStamp(5, 1).isOfEarlierEpochThan(new PolicyStamp(5, 1))).isFalse();
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new PolicyStamp(-1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("version: -1 (expected: version >= 0)");
    assertThatThrownBy(() -> new PolicyStamp(0, -1))
        .hasMessage("resetEpoch: -1 (expected: resetEpoch >= 0)");
  }
}
