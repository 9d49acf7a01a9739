package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.elasticreset.adversary.HostileBytes;
import org.elasticreset.feed.Policies;
import org.elasticreset.proto.v1.PromptBatch;

/** A hostile batch is fit to generate or is refused; nothing else happens. */
class PromptBatchFuzzTest {

  private final byte[] valid = Prompts.batch("train-1-0", "one", "two").build().toByteArray();
  private final PromptBatchCheck check = new PromptBatchCheck(Policies.RUN, 256, 64, 1024);

  @Property
  void spoiledBatchesAreFitOrRefused(@ForAll long seed) {
    try {
      var batch = PromptBatch.parseFrom(HostileBytes.mutated(valid, seed));
      var sampling = check.check(batch);
      assertThat(sampling.maxPromptTokens() + sampling.maxNewTokens()).isLessThanOrEqualTo(64);
      assertThat(batch.getPromptsList()).isNotEmpty();
    } catch (InvalidProtocolBufferException e) {
      // The deserializer's to refuse.
    } catch (RejectedBatch e) {
      assertThat(e.getMessage()).contains("(expected: ").hasSizeLessThan(1_000);
    }
  }
}
