package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AdmissionTest {
  @Property
  void admitsAStepOnceThePolicyItMayUseIsPublished(
      @ForAll @IntRange(min = 0, max = 5) int maxStaleness,
      @ForAll @IntRange(min = 1, max = 50) int step,
      @ForAll @IntRange(min = 0, max = 50) int publishedStep) {
    boolean admitted = new Admission(maxStaleness).admits(step, publishedStep);

    assertThat(admitted).isEqualTo(step - 1 - maxStaleness <= publishedStep);
  }

  @Example
  void withoutStalenessTheFirstStepWaitsForTheInitialPolicyAndTheSecondForTheFirst() {
    Admission synchronous = new Admission(0);

    assertThat(synchronous.newestAdmissible(0)).isEqualTo(1);
    assertThat(synchronous.newestAdmissible(1)).isEqualTo(2);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new Admission(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxStaleness: -1 (expected: maxStaleness >= 0)");
    assertThatThrownBy(() -> new Admission(0).newestAdmissible(-1))
        .hasMessage("publishedStep: -1 (expected: publishedStep >= 0)");
  }
}
