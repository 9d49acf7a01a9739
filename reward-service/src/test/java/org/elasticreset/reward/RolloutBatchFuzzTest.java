package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.proto.v1.RolloutBatch;

/** Hostile rollouts are fit to score or are refused; nothing else happens. */
class RolloutBatchFuzzTest {

  private final byte[] valid = Batches.of("train-1-0", "one", "two").toByteArray();
  private final RolloutBatchCheck check = new RolloutBatchCheck("test-run");

  @Property
  void spoiledBatchesAreFitOrRefused(@ForAll long seed) {
    try {
      var batch = RolloutBatch.parseFrom(HostileBytes.mutated(valid, seed));
      check.check(batch);
      assertThat(batch.getRolloutsList())
          .isNotEmpty()
          .allSatisfy(
              rollout ->
                  assertThat(rollout.getBehaviourLogProbsCount())
                      .isEqualTo(rollout.getResponseTokensCount()));
    } catch (InvalidProtocolBufferException e) {
      // The deserializer's to refuse.
    } catch (RejectedRollouts e) {
      assertThat(e.getMessage()).contains("(expected: ").hasSizeLessThan(1_000);
    }
  }
}
