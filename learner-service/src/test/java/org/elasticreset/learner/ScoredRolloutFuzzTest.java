package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.RewardSource;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;

/** A hostile rollout can be learnt from or is refused; nothing else happens. */
class ScoredRolloutFuzzTest {

  private static final ReceivedRollout.Source SOURCE = new ReceivedRollout.Source(3, 12);

  private final ScoredRolloutCheck check = new ScoredRolloutCheck("run", 100, 8);
  private final byte[] valid =
      ScoredRollout.newBuilder()
          .setRunId("run")
          .setBatchId("train-1-0")
          .setPurpose(Purpose.TRAINING)
          .setTargetStep(1)
          .setReward(0.75)
          .setJudge(0.5)
          .putScores("sentiment", 0.75)
          .setScoreRevision(2)
          .setRewardSource(
              RewardSource.newBuilder()
                  .setFrom(RewardFrom.REWARD_FROM_PEOPLE)
                  .addRequestIds("train-1-0/0@3#0"))
          .setRollout(
              Rollout.newBuilder()
                  .setRolloutId("train-1-0/0")
                  .setPrompt("a")
                  .setResponse("b")
                  .addAllPromptTokens(List.of(1, 2))
                  .addAllResponseTokens(List.of(4, 5))
                  .addAllBehaviourLogProbs(List.of(-1f, -0.5f))
                  .setPolicyVersion(3)
                  .setResetEpoch(1))
          .build()
          .toByteArray();

  @Property
  void spoiledRolloutsAreLearntFromOrRefused(@ForAll long seed) {
    try {
      var received =
          check.check(SOURCE, ScoredRollout.parseFrom(HostileBytes.mutated(valid, seed)));
      assertThat(received.rollout().reward()).isFinite();
      assertThat(received.rollout().scoreRevision()).isNotNegative();
      assertThat(received.rollout().behaviourLogProbs())
          .hasSameSizeAs(received.rollout().responseTokens());
    } catch (InvalidProtocolBufferException e) {
      // The deserializer's to refuse.
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).contains("expected: ").hasSizeLessThan(1_000);
    }
  }
}
