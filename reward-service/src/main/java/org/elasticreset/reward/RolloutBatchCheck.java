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
      checkRollout("rollouts[" + i + "].", batch.getRollouts(i));
      require(
          ids.add(batch.getRollouts(i).getRolloutId()),
          "rollouts[" + i + "].rollout_id",
          batch.getRollouts(i).getRolloutId() + " a second time",
          "unique ids");
    }
  }

  private static void checkRollout(String field, Rollout rollout) {
    require(!rollout.getRolloutId().isBlank(), field + "rollout_id", "blank", "a unique id");
    int tokens = rollout.getResponseTokensCount();
    require(rollout.getPromptTokensCount() > 0, field + "prompt_tokens", "none", "at least one");
    require(tokens > 0, field + "response_tokens", "none", "at least one");
    require(
        rollout.getBehaviourLogProbsCount() == tokens,
        field + "behaviour_log_probs",
        rollout.getBehaviourLogProbsCount() + " numbers",
        "one for each of the " + tokens + " response tokens");
    for (float logProb : rollout.getBehaviourLogProbsList()) {
      require(
          Float.isFinite(logProb) && logProb <= 0,
          field + "behaviour_log_probs",
          logProb,
          "finite and at most 0");
    }
    require(rollout.getPolicyVersion() != 0, field + "policy_version", 0, "from 1");
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new RejectedRollouts(
          RejectReason.INVALID, field + ": " + value + " (expected: " + expected + ")");
    }
  }
}
