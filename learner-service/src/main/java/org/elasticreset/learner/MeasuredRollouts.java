package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.RewardFrom;

/**
 * Rollouts with what the learner computes about each of their response tokens. Every list has one
 * entry a rollout, every array one number a response token.
 *
 * @param now log-probability, value and entropy under the policy as it is now
 * @param referenceLogProbs under the initial policy
 * @param drawnLogProbs under the policy that drew the tokens, see {@link DrawnLogProbs}
 */
record MeasuredRollouts(
    List<ReceivedRollout> rollouts,
    List<TokenEvaluation> now,
    List<float[]> referenceLogProbs,
    List<float[]> drawnLogProbs) {

  /**
   * @param newest the policy as it is now
   */
  static MeasuredRollouts of(
      List<ReceivedRollout> rollouts,
      TrainedPolicy policy,
      PolicyStamp newest,
      DrawnLogProbs drawnLogProbs) {
    List<TokenSequence> sequences = rollouts.stream().map(ReceivedRollout::tokens).toList();
    List<TokenEvaluation> now = policy.evaluate(sequences);
    List<float[]> drawn = new ArrayList<>();
    for (int i = 0; i < rollouts.size(); i++) {
      drawn.add(drawnLogProbs.of(rollouts.get(i).rollout(), now.get(i).logProbs(), newest));
    }
    return new MeasuredRollouts(rollouts, now, policy.referenceLogProbs(sequences), drawn);
  }

  /**
   * Those of a policy under a mask. Its own log-probabilities count as those that the tokens were
   * drawn with: at the edge of the mask, rounding may have let a worker draw from a token more.
   * Reference and drift know of no mask, which is drift by itself.
   */
  static MeasuredRollouts ofMasked(List<ReceivedRollout> rollouts, TrainedPolicy policy) {
    List<TokenSequence> sequences = rollouts.stream().map(ReceivedRollout::tokens).toList();
    List<TokenEvaluation> now = policy.evaluateMasked(sequences);
    return new MeasuredRollouts(
        rollouts,
        now,
        policy.referenceLogProbs(sequences),
        now.stream().map(TokenEvaluation::logProbs).toList());
  }

  int size() {
    return rollouts.size();
  }

  /** Drift of the policy that drew them, k1 estimate. */
  SequenceKl klToInitial() {
    return SequenceKl.of(drawnLogProbs, referenceLogProbs);
  }

  double rewardMean() {
    return rollouts.stream().mapToDouble(r -> r.rollout().reward()).average().orElseThrow();
  }

  /** Standard deviation of the sample (n − 1); 0 for one rollout. */
  double rewardStd() {
    double mean = rewardMean();
    double squares =
        rollouts.stream().mapToDouble(r -> Math.pow(r.rollout().reward() - mean, 2)).sum();
    return Math.sqrt(squares / Math.max(1, size() - 1));
  }

  /** Those whose reward is from there. */
  int rewardedBy(RewardFrom source) {
    return (int) rollouts.stream().filter(r -> r.rewardFrom() == source).count();
  }

  long tokens() {
    return rollouts.stream().mapToLong(r -> r.rollout().length()).sum();
  }

  double lengthMean() {
    return (double) tokens() / size();
  }

  /** Nats per token. */
  double entropyMean() {
    double sum = 0;
    for (TokenEvaluation evaluation : now) {
      for (float entropy : evaluation.entropies()) {
        sum += entropy;
      }
    }
    return sum / tokens();
  }
}
