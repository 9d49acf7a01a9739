package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.WeightedSum.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutScorerTest {

  private final RolloutScorer scorer =
      scorer(texts -> texts.stream().mapToDouble(ScorableText::responseTokens).toArray());

  private static RolloutScorer scorer(Scorer reward) {
    return new RolloutScorer(
        new RolloutBatchCheck("test-run"),
        new WeightedSum(Map.of("tokens", new Term(0.5, reward))),
        texts -> new double[texts.size()],
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void everyRolloutGetsItsRewardItsScoresAndTheJudgesBesideWhatItWas() throws Exception {
    RolloutBatch batch = Batches.of("train-3-0", "abcd", "ab");

    var result = scorer.score(batch);

    assertThat(result.unscorable()).isEmpty();
    assertThat(result.scored())
        .containsExactly(
            scored(batch, 0).setReward(2).putScores("tokens", 4).build(),
            scored(batch, 1).setReward(1).putScores("tokens", 2).build());
  }

  private static ScoredRollout.Builder scored(RolloutBatch batch, int index) {
    return ScoredRollout.newBuilder()
        .setRunId("test-run")
        .setBatchId("train-3-0")
        .setPurpose(batch.getPurpose())
        .setTargetStep(3)
        .setRollout(batch.getRollouts(index))
        .setJudge(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void rolloutWithoutAFiniteScoreIsSetAsideAndTheOthersAreScored(double bad) throws Exception {
    var result = scorer(texts -> new double[] {1, bad}).score(Batches.of("train-3-0", "a", "b"));

    assertThat(result.scored())
        .extracting(rollout -> rollout.getRollout().getRolloutId())
        .containsExactly("train-3-0/0");
    assertThat(result.unscorable()).containsExactly("train-3-0/1");
  }

  @Test
  void scorerThatFailsRefusesTheBatchWithItsReason() {
    var failing =
        scorer(
            texts -> {
              throw new IllegalStateException("out of order");
            });
    assertThatThrownBy(() -> failing.score(Batches.of("train-3-0", "a")))
        .hasMessage("scoring-failed: out of order");
  }

  @Test
  void malformedBatchesAreRefusedByFieldValueAndExpectation() {
    assertRefused(b -> b.setRunId("other"), "foreign-run: run_id: other (expected: test-run)");
    assertRefused(b -> b.setBatchId(""), "invalid: batch_id: blank (expected: a unique id)");
    assertRefused(
        b -> b.setPurposeValue(9), "invalid: purpose: 9 (expected: TRAINING or EVALUATION)");
    assertRefused(
        RolloutBatch.Builder::clearRollouts, "invalid: rollouts: none (expected: at least one)");
    assertRefused(
        b -> b.addRollouts(b.getRollouts(0)),
        "invalid: rollouts[1].rollout_id: train-3-0/0 a second time (expected: unique ids)");
    assertRolloutRefused(Rollout.Builder::clearPromptTokens, "prompt_tokens: none");
    assertRolloutRefused(Rollout.Builder::clearResponseTokens, "response_tokens: none");
    assertRolloutRefused(
        r -> r.addBehaviourLogProbs(-1),
        "behaviour_log_probs: 3 numbers (expected: one for each of the 2 response tokens)");
    assertRolloutRefused(
        r -> r.setBehaviourLogProbs(0, Float.NaN),
        "behaviour_log_probs: NaN (expected: finite and at most 0)");
    assertRolloutRefused(
        r -> r.setBehaviourLogProbs(0, 0.1f),
        "behaviour_log_probs: 0.1 (expected: finite and at most 0)");
    assertRolloutRefused(r -> r.setPolicyVersion(0), "policy_version: 0 (expected: from 1)");
    assertRolloutRefused(r -> r.setRolloutId(" "), "rollout_id: blank (expected: a unique id)");
  }

  private void assertRolloutRefused(UnaryOperator<Rollout.Builder> change, String message) {
    assertRefused(
        b -> b.setRollouts(0, change.apply(b.getRollouts(0).toBuilder())),
        "invalid: rollouts[0]." + message);
  }

  private void assertRefused(UnaryOperator<RolloutBatch.Builder> change, String message) {
    var batch = change.apply(Batches.of("train-3-0", "ab").toBuilder()).build();
    assertThatThrownBy(() -> scorer.score(batch))
        .isInstanceOf(RejectedRollouts.class)
        .hasMessageStartingWith(message);
  }
}
