package org.elasticreset.learner;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/** Keeps the rollouts of a step whose update was not finite, as protobuf text, one a line. */
record DiscardedBatches(Path directory) {

  /** Writes them, with the reason on top; returns the file. */
  Path keep(long step, String reason, List<ReceivedRollout> rollouts) {
    Path file = directory.resolve("step-%08d.txtpb".formatted(step));
    try {
      Files.createDirectories(directory);
      try (Writer out = Files.newBufferedWriter(file)) {
        out.write("# " + reason.replace('\n', ' ') + "\n");
        for (ReceivedRollout rollout : rollouts) {
          out.write(
              TextFormat.printer().emittingSingleLine(true).printToString(message(rollout)) + "\n");
        }
      }
      return file;
    } catch (IOException e) {
      throw new CheckpointException(
          "learner.discarded-batches: %s could not be written: %s".formatted(file, e), e);
    }
  }

  private static ScoredRollout message(ReceivedRollout received) {
    Rollout rollout = received.rollout();
    ScoredRollout.Builder message =
        ScoredRollout.newBuilder()
            .setPurpose(received.purpose())
            .setTargetStep(received.targetStep())
            .setReward(rollout.reward())
            .setScoreRevision(rollout.scoreRevision());
    received.judge().ifPresent(message::setJudge);
    var drawn =
        message
            .getRolloutBuilder()
            .setRolloutId(rollout.id())
            .setPrompt(received.prompt())
            .setResponse(received.response())
            .setPolicyVersion(rollout.policy().version())
            .setResetEpoch(rollout.policy().resetEpoch());
    for (int token : rollout.promptTokens()) {
      drawn.addPromptTokens(token);
    }
    for (int t = 0; t < rollout.length(); t++) {
      drawn.addResponseTokens(rollout.responseTokens()[t]);
      drawn.addBehaviourLogProbs(rollout.behaviourLogProbs()[t]);
    }
    return message.build();
  }
}
