package org.elasticreset.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.WeightedSum.Rewards;
import org.elasticreset.reward.learned.LearnedReward;
import org.jspecify.annotations.Nullable;

/** Scores a batch of rollouts, in one call of every scorer. */
final class RolloutScorer {

  private final RolloutBatchCheck check;
  private final WeightedSum reward;
  private final @Nullable Scorer judge;
  private final Optional<Receiver> receiver;
  private final Optional<LearnedReward> learned;

  /**
   * @param receiver that is to be what a batch asks for before the batch is scored
   * @param learned that takes its newest version before a batch is scored
   */
  RolloutScorer(
      RolloutBatchCheck check,
      WeightedSum reward,
      @Nullable Scorer judge,
      Optional<Receiver> receiver,
      Optional<LearnedReward> learned) {
    this.check = check;
    this.reward = reward;
    this.judge = judge;
    this.receiver = receiver;
    this.learned = learned;
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
   * @throws InterruptedException if the service stops while the batch waits for a model
   */
  Scored score(RolloutBatch batch) throws InterruptedException {
    check.check(batch);
    if (receiver.isPresent()) {
      receiver.get().adoptFor(batch);
    }
    if (learned.isPresent()) {
      learned.get().adopt();
    }
    List<ScorableText> texts =
        batch.getRolloutsList().stream().map(RolloutScorer::scorable).toList();
    Rewards rewards;
    double @Nullable [] judged;
    List<String> continuations;
    try {
      rewards = reward.of(texts);
      judged = judge == null ? null : judge.score(texts);
      continuations = continuations(batch.getPurpose(), texts);
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
              .setReward(total)
              .setRewardModelVersion(learned.map(LearnedReward::version).orElse(0L));
      for (var scores : rewards.scores().entrySet()) {
        message.putScores(scores.getKey(), scores.getValue()[i]);
      }
      if (judged != null) {
        message.setJudge(judged[i]);
      }
      if (!continuations.isEmpty()) {
        message.setContinuation(continuations.get(i));
      }
      scored.add(message.build());
    }
    return new Scored(scored, unscorable);
  }

  /** Of an evaluation, what the receiver makes of the responses; else nothing. */
  private List<String> continuations(Purpose purpose, List<ScorableText> texts) {
    return receiver
        .filter(present -> purpose == Purpose.EVALUATION)
        .map(present -> present.continuations(texts))
        .orElse(List.of());
  }

  private static ScorableText scorable(Rollout rollout) {
    return new ScorableText(
        rollout.getPrompt(),
        rollout.getResponse(),
        rollout.getResponseTokensCount(),
        rollout.getReferencesMap());
  }
}
