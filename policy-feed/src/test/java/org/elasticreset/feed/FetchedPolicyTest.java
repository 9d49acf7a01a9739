package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.junit.jupiter.api.Test;

class FetchedPolicyTest {

  private final List<FetchPolicyResponse> messages = new ArrayList<>(Policies.messages(3));

  @Test
  void wholePolicyIsTakenAndWritten() {
    var model = new TwoWeights();

    FetchedPolicy policy = assemble();
    policy.writeTo(model);

    assertThat(policy.version()).isEqualTo(Policies.version(3));
    assertThat(policy.totalBytes()).isEqualTo(8);
    assertThat(model.weight(1)).isEqualTo(3);
  }

  @Test
  void weightsThatDoNotHaveTheDigestOfTheirVersionAreRefused() {
    messages.set(2, Policies.chunk(4, ByteString.copyFrom(new byte[] {1, 2, 3, 4})));

    refused("weights with digest ");
  }

  @Test
  void policyThatEndsEarlyIsRefused() {
    messages.remove(2);

    refused("4 bytes of weights (expected: 8)");
  }

  @Test
  void chunksThatNeverEndAreRefusedAtTheFirst() {
    messages.add(Policies.chunk(8, ByteString.copyFrom(new byte[4])));
    refused("a chunk of 4 bytes at byte 8 (expected: 1 to the last of 8)");

    messages.set(3, Policies.chunk(8, ByteString.EMPTY));
    refused("a chunk of 0 bytes at byte 8 (expected: 1 to the last of 8)");
  }

  @Test
  void chunksOutOfOrderAreRefused() {
    messages.add(1, messages.remove(2));

    refused("a chunk at byte 4 (expected: at 0)");
  }

  @Test
  void streamWithoutHeaderIsRefused() {
    messages.remove(0);

    refused("the first message is not a header");
  }

  @Test
  void emptyStreamIsRefused() {
    messages.clear();

    refused("the ema-service answered nothing");
  }

  @Test
  void policyThatIsNoNewerIsRefused() {
    assertThatThrownBy(() -> FetchedPolicy.assemble(Policies.RUN, 3, messages.iterator()))
        .isInstanceOf(PolicyFetchException.class)
        .hasMessage("version 3 is served (expected: newer than 3)");
  }

  @Test
  void policyOfAnotherRunIsRefused() {
    assertThatThrownBy(() -> FetchedPolicy.assemble("mine", 0, messages.iterator()))
        .isInstanceOf(PolicyFetchException.class)
        .hasMessage("a policy of run test-run (expected: mine)");
  }

  private void refused(String reason) {
    assertThatThrownBy(this::assemble)
        .isInstanceOf(PolicyFetchException.class)
        .hasMessageStartingWith(reason);
  }

  private FetchedPolicy assemble() {
    return FetchedPolicy.assemble(Policies.RUN, 2, messages.iterator());
  }
}
