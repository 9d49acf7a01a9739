package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.junit.jupiter.api.Test;

class DrawnLogProbsTest {

  private static final PolicyStamp NEWEST = new PolicyStamp(7, 1);
  private static final float[] AS_SAMPLED = {-1.05f, -2};
  private static final float[] NOW = {-1, -2};

  @Test
  void areAsSampledWhereNothingIsCutOrRounded() {
    assertThat(new DrawnLogProbs(false, false).of(rollout(NEWEST), NOW, NEWEST))
        .isEqualTo(AS_SAMPLED);
  }

  @Test
  void areComputedAgainWhereTheDistributionWasCut() {
    assertThat(new DrawnLogProbs(true, false).of(rollout(new PolicyStamp(6, 1)), NOW, NEWEST))
        .isEqualTo(NOW);
  }

  @Test
  void areComputedAgainWhereBfloat16RoundedThem() {
    assertThat(new DrawnLogProbs(false, true).of(rollout(NEWEST), NOW, NEWEST)).isEqualTo(NOW);
  }

  @Test
  void ofAnotherPolicyThanTodaysAreTheBestThereIsAsSampled() {
    assertThat(new DrawnLogProbs(false, true).of(rollout(new PolicyStamp(6, 1)), NOW, NEWEST))
        .isEqualTo(AS_SAMPLED);
    assertThat(new DrawnLogProbs(false, true).of(rollout(new PolicyStamp(7, 0)), NOW, NEWEST))
        .isEqualTo(AS_SAMPLED);
  }

  private static Rollout rollout(PolicyStamp policy) {
    return new Rollout("r", new int[] {1}, new int[] {2, 3}, AS_SAMPLED, 0, policy, false);
  }
}
