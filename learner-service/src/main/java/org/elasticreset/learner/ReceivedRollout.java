package org.elasticreset.learner;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.jspecify.annotations.Nullable;

/**
 * A scored rollout that passed {@link ScoredRolloutCheck}.
 *
 * @param source where it was read
 * @param purpose training or evaluation
 * @param targetStep the step it was generated for
 * @param rollout tokens, log-probabilities, reward and policy
 * @param rewardFrom who the reward is from
 * @param prompt text of the prompt
 * @param response text of the response
 * @param judge score of the judge, which nothing is trained on
 * @param references what the response can be held against, by name
 * @param continuation what the second player of a game of two made of the response
 */
record ReceivedRollout(
    Source source,
    Purpose purpose,
    long targetStep,
    Rollout rollout,
    RewardFrom rewardFrom,
    String prompt,
    String response,
    OptionalDouble judge,
    Map<String, String> references,
    Optional<String> continuation) {

  ReceivedRollout {
    references = Map.copyOf(references);
  }

  /** Of a prompt without references, rewarded by models. */
  ReceivedRollout(
      Source source,
      Purpose purpose,
      long targetStep,
      Rollout rollout,
      String prompt,
      String response,
      OptionalDouble judge) {
    this(
        source,
        purpose,
        targetStep,
        rollout,
        RewardFrom.REWARD_FROM_MODEL,
        prompt,
        response,
        judge,
        Map.of(),
        Optional.empty());
  }

  /**
   * A record of {@code scored-rollouts}.
   *
   * @param written when
   * @param traceparent of the batch's score, if that is traced
   */
  record Source(int partition, long offset, Instant written, @Nullable String traceparent) {

    Source(int partition, long offset) {
      this(partition, offset, Instant.EPOCH, null);
    }
  }

  /** The same, with other tokens. */
  ReceivedRollout with(Rollout other) {
    return new ReceivedRollout(
        source,
        purpose,
        targetStep,
        other,
        rewardFrom,
        prompt,
        response,
        judge,
        references,
        continuation);
  }

  /** The same, read elsewhere. */
  ReceivedRollout from(Source other) {
    return new ReceivedRollout(
        other,
        purpose,
        targetStep,
        rollout,
        rewardFrom,
        prompt,
        response,
        judge,
        references,
        continuation);
  }

  TokenSequence tokens() {
    return new TokenSequence(rollout.promptTokens(), rollout.responseTokens());
  }
}
