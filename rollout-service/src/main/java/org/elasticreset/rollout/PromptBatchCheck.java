package org.elasticreset.rollout;

import java.util.HashSet;
import org.elasticreset.model.Sampling;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;

/**
 * Refuses what cannot be generated, before any work is done.
 *
 * @param positions most tokens of prompt and response together
 * @param mostPrompts of a batch: all of them are in memory at once, to their longest
 */
record PromptBatchCheck(String runId, int vocabularySize, int positions, int mostPrompts) {

  /**
   * Checks every field.
   *
   * @return how to sample it
   * @throws RejectedBatch naming the first field that is wrong
   */
  Sampling check(PromptBatch batch) {
    if (!batch.getRunId().equals(runId)) {
      throw new RejectedBatch(
          RejectReason.FOREIGN_RUN, "run_id: " + batch.getRunId() + " (expected: " + runId + ")");
    }
    require(!batch.getBatchId().isBlank(), "batch_id", "blank", "a unique id");
    require(
        batch.getPurpose() == Purpose.TRAINING || batch.getPurpose() == Purpose.EVALUATION,
        "purpose",
        batch.getPurposeValue(),
        "TRAINING or EVALUATION");
    require(
        batch.getPurpose() == Purpose.EVALUATION || batch.getTargetStep() != 0,
        "target_step",
        0,
        "from 1 for training");
    require(batch.getPromptsCount() > 0, "prompts", "none", "at least one");
    require(
        batch.getPromptsCount() <= mostPrompts,
        "prompts",
        batch.getPromptsCount(),
        "at most " + mostPrompts + ", rollout.max-batch-size");
    checkPrompts(batch);
    require(batch.hasSampling(), "sampling", "absent", "temperature, top_k, top_p, ...");
    return sampling(batch.getSampling());
  }

  private static void checkPrompts(PromptBatch batch) {
    var ids = new HashSet<String>();
    var seeds = new HashSet<Long>();
    for (int i = 0; i < batch.getPromptsCount(); i++) {
      Prompt prompt = batch.getPrompts(i);
      String field = "prompts[" + i + "].";
      require(!prompt.getRolloutId().isBlank(), field + "rollout_id", "blank", "a unique id");
      require(
          ids.add(prompt.getRolloutId()),
          field + "rollout_id",
          prompt.getRolloutId() + " a second time",
          "unique ids");
      require(
          prompt.getSeed() != 0,
          field + "seed",
          0,
          "a seed derived from the run's seed and rollout_id");
      require(
          seeds.add(prompt.getSeed()),
          field + "seed",
          Long.toUnsignedString(prompt.getSeed()) + " a second time",
          "a seed of its own for every rollout");
    }
  }

  private Sampling sampling(org.elasticreset.proto.v1.Sampling sampling) {
    float temperature = sampling.getTemperature();
    require(
        sampling.getGreedy() || (Float.isFinite(temperature) && temperature > 0),
        "sampling.temperature",
        temperature,
        "> 0");
    require(
        sampling.getTopK() >= 0 && sampling.getTopK() <= vocabularySize,
        "sampling.top_k",
        Integer.toUnsignedString(sampling.getTopK()),
        "0 to " + vocabularySize);
    require(
        sampling.getGreedy() || (sampling.getTopP() > 0 && sampling.getTopP() <= 1),
        "sampling.top_p",
        sampling.getTopP(),
        "0 < top_p <= 1");
    float maskTopP = sampling.getMaskTopP();
    require(
        sampling.getMaskPolicyVersion() == 0 ? maskTopP == 0 : maskTopP > 0 && maskTopP <= 1,
        "sampling.mask_top_p",
        maskTopP,
        sampling.getMaskPolicyVersion() == 0
            ? "0 without mask_policy_version"
            : "0 < mask_top_p <= 1");
    int responseLimit = sampling.getMaxNewTokens();
    int promptLimit = sampling.getMaxPromptTokens();
    require(
        promptLimit >= 1 && promptLimit < positions,
        "sampling.max_prompt_tokens",
        Integer.toUnsignedString(promptLimit),
        "1 to " + (positions - 1));
    require(
        responseLimit >= 1 && responseLimit <= positions - promptLimit,
        "sampling.max_new_tokens",
        Integer.toUnsignedString(responseLimit),
        "1 to "
            + (positions - promptLimit)
            + ", the model's "
            + positions
            + " positions less "
            + promptLimit
            + " of the prompt");
    for (int token : sampling.getStopTokensList()) {
      require(
          token >= 0 && token < vocabularySize,
          "sampling.stop_tokens",
          Integer.toUnsignedString(token),
          "0 to " + (vocabularySize - 1));
    }
    boolean greedy = sampling.getGreedy();
    return new Sampling(
        greedy && !(temperature > 0) ? 1 : temperature,
        sampling.getTopK(),
        greedy ? 1 : sampling.getTopP(),
        greedy,
        responseLimit,
        promptLimit,
        sampling.getStopTokensList().stream().mapToInt(Integer::intValue).toArray());
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new RejectedBatch(
          RejectReason.INVALID, field + ": " + value + " (expected: " + expected + ")");
    }
  }
}
