package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.feed.Backoff;
import org.elasticreset.feed.FetchedPolicy;
import org.elasticreset.feed.PolicyFeedMetrics;
import org.elasticreset.feed.PolicyFetchException;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.feed.PolicySource;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.PolicyHeader;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.WeightsChunk;
import org.elasticreset.reward.WeightedSum.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A receiver of one weight, which is the step that its policy came out of. */
@Timeout(60)
class ReceiverTest {

  private static final String RUN = "receiver-run";

  private PolicyVersion served = version(0);
  private final FakeReceiverModel model = new FakeReceiverModel();
  private final PolicyFollower policies =
      new PolicyFollower(
          RUN,
          new Source(),
          model,
          Runnable::run,
          new Backoff(Duration.ZERO, Duration.ZERO),
          Clock.systemUTC(),
          new PolicyFeedMetrics(new SimpleMeterRegistry()));
  private final Receiver receiver = new Receiver(policies, model, "de", Duration.ofMillis(50));
  private final RolloutScorer scorer =
      new RolloutScorer(
          new RolloutBatchCheck("test-run"),
          new WeightedSum(Map.of("understood", new Term(1, new ReceiverScorer(receiver)))),
          null,
          Optional.of(receiver),
          Optional.empty());

  @Test
  void trainingIsScoredByTheReceiverOfTheStepBefore() throws Exception {
    announce(2);

    assertThat(scorer.score(batch(3, Purpose.TRAINING, "gut", "good")).scored())
        .extracting(ScoredRollout::getReward)
        .containsExactly(-1.0, -2.0);
  }

  @Test
  void trainingWaitsForTheReceiverOfTheStepBefore() {
    announce(1);

    assertThatThrownBy(() -> scorer.score(batch(3, Purpose.TRAINING, "gut")))
        .isInstanceOf(RejectedRollouts.class)
        .hasMessageStartingWith(
            "policy-unavailable: receiver: the policy of step 2 did not come within PT0.05S");
  }

  @Test
  void evaluationIsScoredAndContinuedByTheReceiverOfItsStep() throws Exception {
    announce(3);

    ScoredRollout scored = scorer.score(batch(3, Purpose.EVALUATION, "gut")).scored().get(0);

    assertThat(scored.getReward()).isEqualTo(-1.5);
    assertThat(scored.getContinuation()).isEqualTo("GUT 3.0");
  }

  @Test
  void trainingIsNotContinued() throws Exception {
    announce(2);

    ScoredRollout scored = scorer.score(batch(3, Purpose.TRAINING, "gut")).scored().get(0);

    assertThat(scored.hasContinuation()).isFalse();
  }

  @Test
  void rolloutWithoutTheReferenceIsRefused() {
    announce(2);
    RolloutBatch batch = Batches.of("train-3-0", "gut");

    assertThatThrownBy(() -> scorer.score(batch))
        .hasMessage("scoring-failed: references: [] (expected: one named de)");
  }

  @Test
  void batchThatWaitsWhenTheServiceStopsIsNotRefused() {
    receiver.close();

    assertThatThrownBy(() -> scorer.score(batch(1, Purpose.TRAINING, "gut")))
        .isInstanceOf(InterruptedException.class);
  }

  /** Serves the newest version, and no average. */
  private final class Source implements PolicySource {

    @Override
    public FetchedPolicy fetchNewerThan(long here) {
      return FetchedPolicy.assemble(RUN, here, policy(served).iterator());
    }

    @Override
    public FetchedPolicy fetchAverage(long version) {
      throw new PolicyFetchException("no average of version " + version);
    }

    @Override
    public FetchedPolicy fetch(long version) {
      throw new PolicyFetchException("no older version " + version);
    }
  }

  private void announce(long step) {
    served = version(step);
    policies.announce(served);
  }

  private static RolloutBatch batch(long step, Purpose purpose, String... responses) {
    RolloutBatch.Builder batch =
        Batches.of("batch", responses).toBuilder().setTargetStep(step).setPurpose(purpose);
    batch.getRolloutsBuilderList().forEach(rollout -> rollout.putReferences("de", "gut"));
    return batch.build();
  }

  private static PolicyVersion version(long step) {
    return PolicyVersion.newBuilder()
        .setRunId(RUN)
        .setVersion(step + 1)
        .setStep(step)
        .setDigest(ByteString.copyFrom(sha256(weight(step))))
        .build();
  }

  private static List<FetchPolicyResponse> policy(PolicyVersion version) {
    return List.of(
        FetchPolicyResponse.newBuilder()
            .setHeader(
                PolicyHeader.newBuilder()
                    .setVersion(version)
                    .addTensors(Tensor.newBuilder().setName("w").addShape(1))
                    .setTotalBytes(4))
            .build(),
        FetchPolicyResponse.newBuilder()
            .setChunk(
                WeightsChunk.newBuilder().setData(ByteString.copyFrom(weight(version.getStep()))))
            .build());
  }

  private static byte[] weight(long step) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(step).array();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
