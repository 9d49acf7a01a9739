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

  /** Words are put together for what is wrong alone: a batch has many prompts. */
  private static void checkPrompts(PromptBatch batch) {
    var ids = new HashSet<String>();
    var seeds = new HashSet<Long>();
    for (int i = 0; i < batch.getPromptsCount(); i++) {
      Prompt prompt = batch.getPrompts(i);
      String id = prompt.getRolloutId();
      if (id.isBlank()) {
        throw invalid(i, "rollout_id", "blank", "a unique id");
      }
      if (!ids.add(id)) {
        throw invalid(i, "rollout_id", id + " a second time", "unique ids");
      }
      long seed = prompt.getSeed();
      if (seed == 0) {
        throw invalid(i, "seed", 0, "a seed derived from the run's seed and rollout_id");
      }
      if (!seeds.add(seed)) {
        throw invalid(
            i,
            "seed",
            Long.toUnsignedString(seed) + " a second time",
            "a seed of its own for every rollout");
      }
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

  private static RejectedBatch invalid(int prompt, String field, Object value, String expected) {
    return invalid("prompts[" + prompt + "]." + field, value, expected);
  }

  private static RejectedBatch invalid(String field, Object value, String expected) {
    return new RejectedBatch(
        RejectReason.INVALID, field + ": " + value + " (expected: " + expected + ")");
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw invalid(field, value, expected);
    }
  }
}
