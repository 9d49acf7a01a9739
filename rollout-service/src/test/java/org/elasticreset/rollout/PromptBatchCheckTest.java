package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.elasticreset.feed.Policies;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PromptBatchCheckTest {

  private final PromptBatchCheck check = new PromptBatchCheck(Policies.RUN, 256, 64, 2);

  @ParameterizedTest
  @MethodSource("spoiled")
  void batchThatCannotBeUsedIsRefusedByNameAndValue(
      String message, Consumer<PromptBatch.Builder> spoil) {
    var batch = Prompts.batch("train-1-0", "one", "two");
    spoil.accept(batch);

    assertThatThrownBy(() -> check.check(batch.build()))
        .isInstanceOf(RejectedBatch.class)
        .hasMessage(message);
  }

  static Stream<Arguments> spoiled() {
    return Stream.of(
        spoiled(
            "foreign-run: run_id: other (expected: test-run)", batch -> batch.setRunId("other")),
        spoiled("invalid: batch_id: blank (expected: a unique id)", batch -> batch.setBatchId("")),
        spoiled(
            "invalid: purpose: 0 (expected: TRAINING or EVALUATION)",
            PromptBatch.Builder::clearPurpose),
        spoiled(
            "invalid: target_step: 0 (expected: from 1 for training)",
            batch -> batch.setTargetStep(0)),
        spoiled(
            "invalid: prompts: none (expected: at least one)", PromptBatch.Builder::clearPrompts),
        spoiled(
            "invalid: prompts: 3 (expected: at most 2, rollout.max-batch-size)",
            batch -> batch.addPrompts(batch.getPrompts(0))),
        spoiled(
            "invalid: prompts[1].rollout_id: train-1-0/0 a second time (expected: unique ids)",
            batch -> batch.getPromptsBuilder(1).setRolloutId("train-1-0/0")),
        spoiled(
            "invalid: prompts[0].seed: 0 (expected: a seed derived from the run's seed and"
                + " rollout_id)",
            batch -> batch.getPromptsBuilder(0).setSeed(0)),
        spoiled(
            "invalid: prompts[1].seed: 5 a second time (expected: a seed of its own for every"
                + " rollout)",
            batch -> {
              batch.getPromptsBuilder(0).setSeed(5);
              batch.getPromptsBuilder(1).setSeed(5);
            }),
        spoiled(
            "invalid: sampling: absent (expected: temperature, top_k, top_p, ...)",
            PromptBatch.Builder::clearSampling),
        spoiled(
            "invalid: sampling.temperature: 0.0 (expected: > 0)",
            batch -> batch.getSamplingBuilder().setTemperature(0)),
        spoiled(
            "invalid: sampling.temperature: NaN (expected: > 0)",
            batch -> batch.getSamplingBuilder().setTemperature(Float.NaN)),
        spoiled(
            "invalid: sampling.top_k: 257 (expected: 0 to 256)",
            batch -> batch.getSamplingBuilder().setTopK(257)),
        spoiled(
            "invalid: sampling.top_p: 1.5 (expected: 0 < top_p <= 1)",
            batch -> batch.getSamplingBuilder().setTopP(1.5f)),
        spoiled(
            "invalid: sampling.mask_top_p: 0.0 (expected: 0 < mask_top_p <= 1)",
            batch -> batch.getSamplingBuilder().setMaskPolicyVersion(1)),
        spoiled(
            "invalid: sampling.mask_top_p: 0.5 (expected: 0 without mask_policy_version)",
            batch -> batch.getSamplingBuilder().setMaskTopP(0.5f)),
        spoiled(
            "invalid: sampling.max_prompt_tokens: 64 (expected: 1 to 63)",
            batch -> batch.getSamplingBuilder().setMaxPromptTokens(64)),
        spoiled(
            "invalid: sampling.max_new_tokens: 57 (expected: 1 to 56, the model's 64 positions"
                + " less 8 of the prompt)",
            batch -> batch.getSamplingBuilder().setMaxNewTokens(57)),
        spoiled(
            "invalid: sampling.stop_tokens: 256 (expected: 0 to 255)",
            batch -> batch.getSamplingBuilder().addStopTokens(256)));
  }

  private static Arguments spoiled(String message, Consumer<PromptBatch.Builder> spoil) {
    return Arguments.of(message, spoil);
  }

  @Test
  void greedySamplingNeedsNeitherTemperatureNorTopP() {
    var batch = Prompts.batch("evaluation-0-0", "one").setPurpose(Purpose.EVALUATION);
    batch.setTargetStep(0).getSamplingBuilder().setGreedy(true).setTemperature(0).setTopP(0);

    assertThat(check.check(batch.build()).greedy()).isTrue();
  }
}
