package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;

class RewardMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RewardMetrics metrics = new RewardMetrics(registry);

  /** As logits are: a summary would leave them out. */
  @Test
  void rewardsBelowZeroAreInTheMean() {
    metrics.scored(List.of(rewarded(-3), rewarded(1)), 1_000);

    assertThat(registry.get("reward.mean").gauge().value()).isEqualTo(-1);
    assertThat(registry.get("reward.rollouts").counter().count()).isEqualTo(2);
  }

  @Test
  void batchOfWhichNothingCouldBeScoredLeavesTheMeanAsItWas() {
    metrics.scored(List.of(rewarded(2)), 1_000);
    metrics.scored(List.of(), 1_000);

    assertThat(registry.get("reward.mean").gauge().value()).isEqualTo(2);
  }

  private static ScoredRollout rewarded(double reward) {
    return ScoredRollout.newBuilder().setReward(reward).build();
  }
}
