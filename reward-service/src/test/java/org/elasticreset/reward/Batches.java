package org.elasticreset.reward;

import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;

/** Batches for tests. */
final class Batches {

  private Batches() {}

  /** A valid training batch whose responses are the given texts, a token a character. */
  static RolloutBatch of(String batchId, String... responses) {
    var batch =
        RolloutBatch.newBuilder()
            .setRunId("test-run")
            .setBatchId(batchId)
            .setPurpose(Purpose.TRAINING)
            .setTargetStep(3)
            .setWorker("worker-1");
    for (int i = 0; i < responses.length; i++) {
      batch.addRollouts(rollout(batchId + "/" + i, responses[i]));
    }
    return batch.build();
  }

  static Rollout rollout(String id, String response) {
    var rollout =
        Rollout.newBuilder()
            .setRolloutId(id)
            .setPrompt("It was")
            .setResponse(response)
            .addPromptTokens(7)
            .setPolicyVersion(1);
    for (char token : response.toCharArray()) {
      rollout.addResponseTokens(token).addBehaviourLogProbs(-1);
    }
    return rollout.build();
  }
}
