package org.elasticreset.learner;

import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.Precision;

/**
 * Which log-probabilities count as those that a rollout's tokens were drawn with: the ones it
 * carries, or the learner's own of the policy as it is now, which drew the tokens if training is
 * synchronous.
 *
 * @param truncated top-k or top-p cut the distribution: the rollout's are of another distribution
 *     than the one that training changes; or nobody drew the tokens, which are references
 * @param rounded bfloat16: drawn from keys and values one token at a time, the rollout's are off by
 *     up to 0.1 from those of a pass over all tokens, which would look like drift and be clipped
 */
record DrawnLogProbs(boolean truncated, boolean rounded) {

  static DrawnLogProbs of(LearnerConfig config) {
    return new DrawnLogProbs(
        config.sampling().topK() > 0 || config.sampling().topP() < 1 || config.sender().isPresent(),
        config.precision() == Precision.BFLOAT16);
  }

  /**
   * @param now of the response tokens under the policy as it is now
   * @param newest the policy as it is now
   */
  float[] of(Rollout rollout, float[] now, PolicyStamp newest) {
    boolean isItsOwn = rollout.policy().equals(newest);
    return truncated || (rounded && isItsOwn) ? now : rollout.behaviourLogProbs();
  }
}
