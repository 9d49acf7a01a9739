package org.elasticreset.reward;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.WeightedSum.Rewards;
import org.jspecify.annotations.Nullable;

/** Scores a batch of rollouts, in one call of every scorer. */
final class RolloutScorer {

  private final RolloutBatchCheck check;
  private final WeightedSum reward;
  private final @Nullable Scorer judge;

  RolloutScorer(RolloutBatchCheck check, WeightedSum reward, @Nullable Scorer judge) {
    this.check = check;
    this.reward = reward;
    this.judge = judge;
  }

  /**
   * What a batch scored.
   *
   * @param scored in the order of the batch; those whose scores are finite
   * @param unscorable ids of the others
   */
  record Scored(List<ScoredRollout> scored, List<String> unscorable) {}

  /**
   * Scores every rollout.
   *
   * @throws RejectedRollouts if the batch is malformed or a scorer fails
   */
  Scored score(RolloutBatch batch) {
    check.check(batch);
    List<ScorableText> texts =
        batch.getRolloutsList().stream().map(RolloutScorer::scorable).toList();
    Rewards rewards;
    double @Nullable [] judged;
    try {
      rewards = reward.of(texts);
      judged = judge == null ? null : judge.score(texts);
    } catch (RuntimeException e) {
      throw new RejectedRollouts(RejectReason.SCORING_FAILED, String.valueOf(e.getMessage()), e);
    }
    List<ScoredRollout> scored = new ArrayList<>();
    List<String> unscorable = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      double total = rewards.totals()[i];
      if (!Double.isFinite(total) || (judged != null && !Double.isFinite(judged[i]))) {
        unscorable.add(batch.getRollouts(i).getRolloutId());
        continue;
      }
      ScoredRollout.Builder message =
          ScoredRollout.newBuilder()
              .setRunId(batch.getRunId())
              .setBatchId(batch.getBatchId())
              .setPurpose(batch.getPurpose())
              .setTargetStep(batch.getTargetStep())
              .setRollout(batch.getRollouts(i))
              .setReward(total);
      for (var scores : rewards.scores().entrySet()) {
        message.putScores(scores.getKey(), scores.getValue()[i]);
      }
      if (judged != null) {
        message.setJudge(judged[i]);
      }
      scored.add(message.build());
    }
    return new Scored(scored, unscorable);
  }

  private static ScorableText scorable(Rollout rollout) {
    return new ScorableText(
        rollout.getPrompt(), rollout.getResponse(), rollout.getResponseTokensCount());
  }
}
