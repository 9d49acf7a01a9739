package org.elasticreset.feed;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.PolicyHeader;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.WeightsChunk;

/** Policies of {@link TwoWeights} as the ema-service serves them: both weights are a version. */
public final class Policies {

  public static final String RUN = "test-run";

  private Policies() {}

  public static PolicyVersion version(long version) {
    return PolicyVersion.newBuilder()
        .setRunId(RUN)
        .setVersion(version)
        .setResetEpoch(version / 10)
        .setStep(version - 1)
        .setDigest(ByteString.copyFrom(Sha256.begin().digest(weights(version))))
        .build();
  }

  /** Header and a chunk for each of the two weights. */
  static List<FetchPolicyResponse> messages(long version) {
    var messages = new ArrayList<FetchPolicyResponse>();
    messages.add(
        FetchPolicyResponse.newBuilder()
            .setHeader(
                PolicyHeader.newBuilder()
                    .setVersion(version(version))
                    .addTensors(Tensor.newBuilder().setName("w").addShape(2))
                    .setTotalBytes(8))
            .build());
    ByteString weights = ByteString.copyFrom(weights(version));
    messages.add(chunk(0, weights.substring(0, 4)));
    messages.add(chunk(4, weights.substring(4)));
    return messages;
  }

  static FetchPolicyResponse chunk(long offset, ByteString data) {
    return FetchPolicyResponse.newBuilder()
        .setChunk(WeightsChunk.newBuilder().setOffset(offset).setData(data))
        .build();
  }

  static FetchedPolicy fetched(long version, long here) {
    return FetchedPolicy.assemble(RUN, here, messages(version).iterator());
  }

  static FetchedPolicy fetchedAverage(long version) {
    return FetchedPolicy.assembleAverage(RUN, version, averageMessages(version).iterator());
  }

  /** The average behind a version: the weights of minus that version. */
  static List<FetchPolicyResponse> averageMessages(long version) {
    var messages = new ArrayList<>(messages(version));
    ByteString weights = ByteString.copyFrom(weights(-version));
    messages.set(
        0,
        FetchPolicyResponse.newBuilder()
            .setHeader(
                messages.get(0).getHeader().toBuilder()
                    .setAverageDigest(
                        ByteString.copyFrom(Sha256.begin().digest(weights.toByteArray()))))
            .build());
    messages.set(1, chunk(0, weights.substring(0, 4)));
    messages.set(2, chunk(4, weights.substring(4)));
    return messages;
  }

  private static byte[] weights(long version) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(version)
        .putFloat(version)
        .array();
  }
}
