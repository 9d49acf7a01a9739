package org.elasticreset.learner;

import java.util.OptionalDouble;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Purpose;

/**
 * A scored rollout that passed {@link ScoredRolloutCheck}.
 *
 * @param source where it was read
 * @param purpose training or evaluation
 * @param targetStep the step it was generated for
 * @param rollout tokens, log-probabilities, reward and policy
 * @param prompt text of the prompt
 * @param response text of the response
 * @param judge score of the judge, which nothing is trained on
 */
record ReceivedRollout(
    Source source,
    Purpose purpose,
    long targetStep,
    Rollout rollout,
    String prompt,
    String response,
    OptionalDouble judge) {

  /** A record of {@code scored-rollouts}. */
  record Source(int partition, long offset) {}

  TokenSequence tokens() {
    return new TokenSequence(rollout.promptTokens(), rollout.responseTokens());
  }
}
