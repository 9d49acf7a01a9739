package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.RewardSource;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;

class ScoredRolloutCheckTest {

  private static final ReceivedRollout.Source SOURCE = new ReceivedRollout.Source(3, 12);

  private final ScoredRolloutCheck check = new ScoredRolloutCheck("run", 100, 8);

  @Test
  void completeMessageIsTakenOver() {
    ReceivedRollout received = check.check(SOURCE, message().build());

    assertThat(received.rollout().id()).isEqualTo("train-1-0/0");
    assertThat(received.rollout().policy()).isEqualTo(new PolicyStamp(3, 1));
    assertThat(received.rollout().responseTokens()).containsExactly(4, 5);
    assertThat(received.judge()).hasValue(0.5);
    assertThat(received.purpose()).isEqualTo(Purpose.TRAINING);
    assertThat(received.rollout().scoreRevision()).isZero();
    assertThat(received.rewardFrom()).isEqualTo(RewardFrom.REWARD_FROM_MODEL);
  }

  @Test
  void scoreOfPeopleHasItsRevisionAndItsSource() {
    ReceivedRollout received = check.check(SOURCE, byPeople().setScoreRevision(3).build());

    assertThat(received.rollout().scoreRevision()).isEqualTo(3);
    assertThat(received.rewardFrom()).isEqualTo(RewardFrom.REWARD_FROM_PEOPLE);
  }

  /** People were asked about others of its case. */
  @Test
  void scoreOfModelsMayHaveARevision() {
    ReceivedRollout received = check.check(SOURCE, message().setScoreRevision(2).build());

    assertThat(received.rollout().scoreRevision()).isEqualTo(2);
    assertThat(received.rewardFrom()).isEqualTo(RewardFrom.REWARD_FROM_MODEL);
  }

  @Test
  void poisonIsRefusedWithFieldValueAndExpectation() {
    refuses(message -> message.setRunId("other"), "run_id: other (expected: run)");
    refuses(message -> message.setPurpose(Purpose.PURPOSE_UNSPECIFIED), "purpose: ");
    refuses(message -> message.setReward(Double.NaN), "NaN");
    refuses(message -> message.setJudge(Double.POSITIVE_INFINITY), "judge: Infinity");
    refuses(
        message -> message.getRolloutBuilder().addResponseTokens(100),
        "response_tokens: 100 (expected: 0 to 99)");
    refuses(
        message -> message.getRolloutBuilder().setPromptTokens(0, -1),
        "prompt_tokens: 4294967295 (expected: 0 to 99)");
    refuses(message -> message.getRolloutBuilder().clearPromptTokens(), "prompt_tokens: empty");
    refuses(message -> message.getRolloutBuilder().addResponseTokens(1), "behaviourLogProbs");
    refuses(message -> message.getRolloutBuilder().setBehaviourLogProbs(0, Float.NaN), "NaN");
    refuses(message -> message.getRolloutBuilder().setRolloutId("nothing"), "rollout id");
    refuses(
        message -> message.getRolloutBuilder().addAllPromptTokens(List.of(1, 1, 1, 1, 1)),
        "tokens: 9 (expected: at most 8");
  }

  @Test
  void sourceThatDoesNotFitItsScoreIsRefused() {
    refuses(
        message -> message.setScoreRevision(-1),
        "score_revision: 18446744073709551615 (expected: at most 9223372036854775807)");
    refuses(
        message -> message.mergeFrom(byPeople().build()).setScoreRevision(0),
        "reward_source.from: REWARD_FROM_PEOPLE (expected: REWARD_FROM_MODEL, as score_revision is"
            + " 0)");
    refuses(
        message -> message.setScoreRevision(1).getRewardSourceBuilder().setFromValue(9),
        "reward_source.from: UNRECOGNIZED (expected: model, people, fallback)");
    refuses(
        message ->
            message
                .setScoreRevision(1)
                .getRewardSourceBuilder()
                .setFrom(RewardFrom.REWARD_FROM_FALLBACK),
        "reward_source.request_ids: 0 ids (expected: those who asked, as the reward is"
            + " REWARD_FROM_FALLBACK)");
    refuses(
        message -> message.setScoreRevision(1).getRewardSourceBuilder().addRequestIds("a#0"),
        "reward_source.request_ids: 1 ids (expected: none, as the reward is REWARD_FROM_MODEL)");
  }

  private static ScoredRollout.Builder byPeople() {
    return message()
        .setScoreRevision(1)
        .setRewardSource(
            RewardSource.newBuilder()
                .setFrom(RewardFrom.REWARD_FROM_PEOPLE)
                .addRequestIds("train-1-0/0@3#0"));
  }

  private void refuses(Consumer<ScoredRollout.Builder> poison, String reason) {
    ScoredRollout.Builder message = message();
    poison.accept(message);

    assertThatThrownBy(() -> check.check(SOURCE, message.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  private static ScoredRollout.Builder message() {
    return ScoredRollout.newBuilder()
        .setRunId("run")
        .setBatchId("train-1-0")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(1)
        .setReward(0.75)
        .setJudge(0.5)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId("train-1-0/0")
                .setPrompt("a")
                .setResponse("b")
                .addAllPromptTokens(List.of(1, 2))
                .addAllResponseTokens(List.of(4, 5))
                .addAllBehaviourLogProbs(List.of(-1f, -0.5f))
                .setPolicyVersion(3)
                .setResetEpoch(1));
  }
}
