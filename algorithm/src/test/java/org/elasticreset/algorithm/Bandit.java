package org.elasticreset.algorithm;

/**
 * One prompt with three answers of one token: a softmax policy, whose expectations can be written
 * out.
 */
final class Bandit {
  static final double[] REWARDS = {0.2, 1, -0.5};
  private static final double[] LOGITS = {0.3, -0.4, 0.9};

  private Bandit() {}

  static double probability(int answer) {
    double sum = 0;
    for (double logit : LOGITS) {
      sum += Math.exp(logit);
    }
    return Math.exp(LOGITS[answer]) / sum;
  }

  /** ∂ log π(answer) / ∂ logit. */
  static double score(int answer, int logit) {
    return (answer == logit ? 1 : 0) - probability(logit);
  }

  /** ∂ E[R] / ∂ logit. */
  static double gradient(int logit) {
    double gradient = 0;
    for (int answer = 0; answer < REWARDS.length; answer++) {
      gradient += probability(answer) * REWARDS[answer] * score(answer, logit);
    }
    return gradient;
  }

  static RewardedResponse response(int answer) {
    return Responses.earning(REWARDS[answer]);
  }
}
