package org.elasticreset.rollout;

import org.elasticreset.feed.Policies;
import org.elasticreset.proto.RolloutIds;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Sampling;

/** Batches of prompts that are fit to generate. */
final class Prompts {

  private Prompts() {}

  static PromptBatch.Builder batch(String batchId, String... texts) {
    var batch =
        PromptBatch.newBuilder()
            .setRunId(Policies.RUN)
            .setBatchId(batchId)
            .setPurpose(Purpose.TRAINING)
            .setTargetStep(1)
            .setMinimumPolicyVersion(1)
            .setSampling(sampling());
    for (int i = 0; i < texts.length; i++) {
      String id = RolloutIds.of(batchId, i);
      batch.addPrompts(
          Prompt.newBuilder().setRolloutId(id).setText(texts[i]).setSeed(RolloutIds.seed(7, id)));
    }
    return batch;
  }

  static Sampling.Builder sampling() {
    return Sampling.newBuilder()
        .setTemperature(1)
        .setTopP(1)
        .setMaxNewTokens(5)
        .setMaxPromptTokens(8);
  }
}
