package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LearnedRewardTest {

  private static final List<String> TEXTS = List.of("a", "b");

  private final LearnedMetrics metrics = new LearnedMetrics(new SimpleMeterRegistry());
  private final FakeModel base = new FakeModel(0.25);
  private final LearnedReward reward = new LearnedReward(Optional.of(base), metrics);

  private static RewardModelVersion version(long number) {
    return RewardModelVersion.newBuilder().setVersion(number).build();
  }

  @Test
  void theBaseScoresUntilThereIsAVersion() throws Exception {
    reward.ready();
    reward.adopt();

    assertThat(reward.score(TEXTS)).containsExactly(0.25, 0.25);
    assertThat(reward.version()).isZero();
  }

  @Test
  void aBaseThatKnowsOfNoRewardsPrefersNothing() throws Exception {
    LearnedReward ofDecoder = new LearnedReward(Optional.empty(), metrics);
    ofDecoder.ready();
    ofDecoder.adopt();

    assertThat(ofDecoder.score(TEXTS)).containsExactly(0, 0);
  }

  @Test
  void aVersionIsTakenBetweenTwoBatchesAndNotWithinOne() throws Exception {
    reward.ready();
    reward.adopt();
    FakeModel first = new FakeModel(0.5);
    FakeModel second = new FakeModel(0.75);
    reward.offer(version(1), first);
    reward.offer(version(2), second);
    assertThat(reward.score(TEXTS)).containsExactly(0.25, 0.25);
    assertThat(first.closed).as("overtaken").isTrue();

    reward.adopt();

    assertThat(reward.score(TEXTS)).containsExactly(0.75, 0.75);
    assertThat(reward.version()).isEqualTo(2);
    assertThat(base.closed).isTrue();
  }

  @Test
  void theFirstBatchWaitsForWhatOthersScoreWithAlready() throws Exception {
    var version =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                reward.adopt();
                return reward.version();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThatThrownBy(() -> version.get(200, TimeUnit.MILLISECONDS)).isNotNull();

    reward.offer(version(7), new FakeModel(1));
    reward.ready();

    assertThat(version.get(10, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void aBatchThatWaitsWhenTheServiceStopsIsNotRefused() {
    reward.stop();

    assertThatThrownBy(reward::adopt).isInstanceOf(InterruptedException.class);
  }
}
