package org.elasticreset.learner;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntUnaryOperator;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.RolloutIds;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/**
 * Takes a message of {@code scored-rollouts} into the types of the algorithm.
 *
 * @param runId the run that may be learnt from
 * @param vocabularySize tokens of the model
 * @param positions tokens of the model's longest sequence
 */
record ScoredRolloutCheck(String runId, int vocabularySize, int positions)
    implements RolloutReader {

  /** Of a run whose tokens this learner does not know, but for what every model's have. */
  static ScoredRolloutCheck ofAnotherModel(String runId) {
    return new ScoredRolloutCheck(runId, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  @Override
  public ReceivedRollout check(ReceivedRollout.Source source, ScoredRollout message) {
    expect(message.getRunId().equals(runId), "run_id", message.getRunId(), runId);
    Purpose purpose = message.getPurpose();
    expect(
        purpose == Purpose.TRAINING || purpose == Purpose.EVALUATION,
        "purpose",
        purpose,
        "TRAINING or EVALUATION");
    Rollout rollout = message.getRollout();
    RolloutIds.index(rollout.getRolloutId());
    int[] prompt =
        tokens("prompt_tokens", rollout.getPromptTokensCount(), rollout::getPromptTokens);
    int[] response =
        tokens("response_tokens", rollout.getResponseTokensCount(), rollout::getResponseTokens);
    int length = prompt.length + response.length;
    if (length > positions) {
      throw unexpected("tokens", length, "at most " + positions + ", the model's positions");
    }
    if (message.hasJudge()) {
      expect(Double.isFinite(message.getJudge()), "judge", message.getJudge(), "finite");
    }
    RewardFrom rewardFrom = rewardFrom(message);
    float[] logProbs = new float[rollout.getBehaviourLogProbsCount()];
    for (int t = 0; t < logProbs.length; t++) {
      logProbs[t] = rollout.getBehaviourLogProbs(t);
    }
    return new ReceivedRollout(
        source,
        purpose,
        message.getTargetStep(),
        new org.elasticreset.algorithm.Rollout(
            rollout.getRolloutId(),
            prompt,
            response,
            logProbs,
            message.getReward(),
            message.getScoreRevision(),
            new PolicyStamp(rollout.getPolicyVersion(), rollout.getResetEpoch()),
            rollout.getStopped()),
        rewardFrom,
        rollout.getPrompt(),
        rollout.getResponse(),
        message.hasJudge() ? OptionalDouble.of(message.getJudge()) : OptionalDouble.empty(),
        rollout.getReferencesMap(),
        message.hasContinuation() ? Optional.of(message.getContinuation()) : Optional.empty());
  }

  /** Where people were asked the score has a revision, and says whose it is. */
  private static RewardFrom rewardFrom(ScoredRollout message) {
    long revision = message.getScoreRevision();
    if (revision < 0) {
      throw unexpected(
          "score_revision", Long.toUnsignedString(revision), "at most " + Long.MAX_VALUE);
    }
    RewardFrom from = message.getRewardSource().getFrom();
    expect(from != RewardFrom.UNRECOGNIZED, "reward_source.from", from, "model, people, fallback");
    boolean asked = from != RewardFrom.REWARD_FROM_MODEL;
    if (asked && revision == 0) {
      throw unexpected(
          "reward_source.from", from, RewardFrom.REWARD_FROM_MODEL + ", as score_revision is 0");
    }
    int requests = message.getRewardSource().getRequestIdsCount();
    if (requests > 0 != asked) {
      throw unexpected(
          "reward_source.request_ids",
          requests + " ids",
          (asked ? "those who asked" : "none") + ", as the reward is " + from);
    }
    return from;
  }

  /** By index: the list would box each token. */
  private int[] tokens(String field, int count, IntUnaryOperator token) {
    expect(count > 0, field, "empty", "at least one token");
    int[] tokens = new int[count];
    for (int t = 0; t < count; t++) {
      tokens[t] = token.applyAsInt(t);
      if (tokens[t] < 0 || tokens[t] >= vocabularySize) {
        throw unexpected(
            field, Integer.toUnsignedString(tokens[t]), "0 to " + (vocabularySize - 1));
      }
    }
    return tokens;
  }

  private static void expect(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw unexpected(field, value, expected);
    }
  }

  private static IllegalArgumentException unexpected(String field, Object value, String expected) {
    return new IllegalArgumentException(
        field + ": " + Untrusted.shown(String.valueOf(value)) + " (expected: " + expected + ")");
  }
}
