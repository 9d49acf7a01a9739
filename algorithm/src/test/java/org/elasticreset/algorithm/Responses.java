package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.List;

/** Responses that earn at their last token. */
final class Responses {
  private Responses() {}

  static RewardedResponse earning(double reward, int tokens) {
    float[] rewards = new float[tokens];
    rewards[tokens - 1] = (float) reward;
    return new RewardedResponse(rewards, new float[tokens]);
  }

  static RewardedResponse earning(double reward) {
    return earning(reward, 1);
  }

  static List<RewardedResponse> eachEarning(double... rewards) {
    return Arrays.stream(rewards).mapToObj(Responses::earning).toList();
  }

  /** The one advantage of each response. */
  static double[] advantages(AdvantageEstimator estimator, double... rewards) {
    return estimator.of(eachEarning(rewards)).stream()
        .mapToDouble(advantages -> advantages.advantages()[0])
        .toArray();
  }
}
