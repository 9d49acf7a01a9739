package org.elasticreset.reward;

import java.util.HashSet;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;

/** Refuses what cannot be scored or trained on, before any work is done. */
record RolloutBatchCheck(String runId) {

  /**
   * Checks every field.
   *
   * @throws RejectedRollouts naming the first field that is wrong
   */
  void check(RolloutBatch batch) {
    if (!batch.getRunId().equals(runId)) {
      throw new RejectedRollouts(
          RejectReason.FOREIGN_RUN, "run_id: " + batch.getRunId() + " (expected: " + runId + ")");
    }
    require(!batch.getBatchId().isBlank(), "batch_id", "blank", "a unique id");
    require(
        batch.getPurpose() == Purpose.TRAINING || batch.getPurpose() == Purpose.EVALUATION,
        "purpose",
        batch.getPurposeValue(),
        "TRAINING or EVALUATION");
    require(batch.getRolloutsCount() > 0, "rollouts", "none", "at least one");
    var ids = new HashSet<String>();
    for (int i = 0; i < batch.getRolloutsCount(); i++) {
      checkRollout(i, batch.getRollouts(i));
      String id = batch.getRollouts(i).getRolloutId();
      if (!ids.add(id)) {
        throw invalid(i, "rollout_id", id + " a second time", "unique ids");
      }
    }
  }

  /** Words are put together for what is wrong alone: a batch has thousands of numbers. */
  private static void checkRollout(int index, Rollout rollout) {
    if (rollout.getRolloutId().isBlank()) {
      throw invalid(index, "rollout_id", "blank", "a unique id");
    }
    if (rollout.getPromptTokensCount() == 0) {
      throw invalid(index, "prompt_tokens", "none", "at least one");
    }
    int tokens = rollout.getResponseTokensCount();
    if (tokens == 0) {
      throw invalid(index, "response_tokens", "none", "at least one");
    }
    int numbers = rollout.getBehaviourLogProbsCount();
    if (numbers != tokens) {
      throw invalid(
          index,
          "behaviour_log_probs",
          numbers + " numbers",
          "one for each of the " + tokens + " response tokens");
    }
    for (int t = 0; t < numbers; t++) {
      float logProb = rollout.getBehaviourLogProbs(t);
      if (!Float.isFinite(logProb) || logProb > 0) {
        throw invalid(index, "behaviour_log_probs", logProb, "finite and at most 0");
      }
    }
    if (rollout.getPolicyVersion() == 0) {
      throw invalid(index, "policy_version", 0, "from 1");
    }
  }

  private static RejectedRollouts invalid(int index, String field, Object value, String expected) {
    return invalid("rollouts[" + index + "]." + field, value, expected);
  }

  private static RejectedRollouts invalid(String field, Object value, String expected) {
    return new RejectedRollouts(
        RejectReason.INVALID, field + ": " + value + " (expected: " + expected + ")");
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw invalid(field, value, expected);
    }
  }
}
