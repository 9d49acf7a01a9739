package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.elasticreset.algorithm.GeneralizedAdvantageEstimation;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.proto.v1.Purpose;
import org.junit.jupiter.api.Test;

class PpoSamplesTest {

  private static final float[] DRAWN = {-1, -2};
  private static final float[] NOW = {-2, -1};
  private static final float[] REFERENCE = {-1.5f, -1};
  private static final double REWARD = 1;
  private static final double KL_COEFFICIENT = 0.1;

  /** Rewards to go, where nothing is discounted and the value head expects nothing. */
  private static final float[] ADVANTAGES = {
    (float) (-KL_COEFFICIENT * 0.5 + KL_COEFFICIENT + REWARD), (float) (KL_COEFFICIENT + REWARD)
  };

  private List<PpoSample> samples(Set<String> fromEarlierEpoch) {
    var now = new TokenEvaluation(NOW, new float[2], new float[2]);
    var measured =
        new MeasuredRollouts(
            List.of(received("train-1-0/0"), received("train-1-0/1")),
            List.of(now, now),
            List.of(REFERENCE, REFERENCE),
            List.of(DRAWN, DRAWN));
    return new PpoSamples(KlEstimator.K1)
        .of(
            measured,
            new GeneralizedAdvantageEstimation(1, 1, false),
            KL_COEFFICIENT,
            fromEarlierEpoch)
        .samples();
  }

  private static ReceivedRollout received(String id) {
    return new ReceivedRollout(
        new ReceivedRollout.Source(0, 0),
        Purpose.TRAINING,
        1,
        new Rollout(
            id, new int[] {1}, new int[] {2, 3}, DRAWN, REWARD, new PolicyStamp(1, 0), false),
        "prompt",
        "response",
        OptionalDouble.empty());
  }

  @Test
  void everyTokenPaysForItsDriftAndTheLastEarnsTheReward() {
    PpoSample sample = samples(Set.of()).get(0);

    assertThat(sample.oldLogProbs()).isEqualTo(DRAWN);
    assertThat(sample.advantages()).containsExactly(ADVANTAGES, within(1e-6f));
    assertThat(sample.returns()).containsExactly(ADVANTAGES, within(1e-6f));
  }

  @Test
  void rolloutOfAnEarlierEpochIsWeightedByHowLikelyItIsToday() {
    List<PpoSample> samples = samples(Set.of("train-1-0/1"));

    float likelihood = (float) Math.exp(NOW[0] - DRAWN[0]); // the other token's is cut at 1
    PpoSample earlier = samples.get(1);
    assertThat(earlier.oldLogProbs()).isEqualTo(NOW);
    assertThat(earlier.advantages())
        .containsExactly(new float[] {likelihood * ADVANTAGES[0], ADVANTAGES[1]}, within(1e-6f));
    assertThat(earlier.returns()).containsExactly(ADVANTAGES, within(1e-6f));
    assertThat(samples.get(0).advantages()).containsExactly(ADVANTAGES, within(1e-6f));
  }
}
