package org.elasticreset.feed;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.PolicyHeader;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * A policy that arrived whole: its bytes are complete and have the digest that its version names.
 *
 * @param chunks the concatenated tensors, in order and without gaps
 */
public record FetchedPolicy(
    PolicyVersion version, List<Tensor> tensors, List<WeightsChunk> chunks, long totalBytes) {

  /** Copies. */
  public FetchedPolicy {
    tensors = List.copyOf(tensors);
    chunks = List.copyOf(chunks);
  }

  /**
   * Puts the messages of one FetchPolicy call together.
   *
   * @param here the version that this one must be above
   * @throws PolicyFetchException if the stream is of another run, no newer, incomplete, out of
   *     order, or its digest is not the one of the version
   */
  public static FetchedPolicy assemble(
      String runId, long here, Iterator<FetchPolicyResponse> messages) {
    PolicyHeader header = header(runId, messages);
    if (header.getVersion().getVersion() <= here) {
      throw new NothingNewerException(header.getVersion().getVersion(), here);
    }
    return assemble(header, header.getVersion().getDigest(), messages);
  }

  /**
   * As {@link #assemble}, the average behind exactly that version.
   *
   * @throws PolicyFetchException if that is not what the stream has
   */
  public static FetchedPolicy assembleAverage(
      String runId, long version, Iterator<FetchPolicyResponse> messages) {
    PolicyHeader header = header(runId, messages);
    if (header.getVersion().getVersion() != version || header.getAverageDigest().isEmpty()) {
      throw new PolicyFetchException(
          "%s of version %s (expected: the average behind version %d; an older ema-service has none)"
              .formatted(
                  header.getAverageDigest().isEmpty() ? "the policy" : "the average",
                  Long.toUnsignedString(header.getVersion().getVersion()),
                  version));
    }
    return assemble(header, header.getAverageDigest(), messages);
  }

  private static FetchedPolicy assemble(
      PolicyHeader header, ByteString expected, Iterator<FetchPolicyResponse> messages) {
    var digest = Sha256.begin();
    var chunks = new ArrayList<WeightsChunk>();
    long received = 0;
    while (messages.hasNext()) {
      WeightsChunk chunk = messages.next().getChunk();
      if (chunk.getOffset() != received) {
        throw new PolicyFetchException(
            "a chunk at byte " + chunk.getOffset() + " (expected: at " + received + ")");
      }
      int size = chunk.getData().size();
      if (size == 0 || size > header.getTotalBytes() - received) {
        throw new PolicyFetchException(
            "a chunk of %d bytes at byte %d (expected: 1 to the last of %s)"
                .formatted(size, received, Long.toUnsignedString(header.getTotalBytes())));
      }
      update(digest, chunk.getData());
      received += chunk.getData().size();
      chunks.add(chunk);
    }
    if (received != header.getTotalBytes()) {
      throw new PolicyFetchException(
          received + " bytes of weights (expected: " + header.getTotalBytes() + ")");
    }
    requireDigest(expected, digest.digest());
    return new FetchedPolicy(header.getVersion(), header.getTensorsList(), chunks, received);
  }

  private static PolicyHeader header(String runId, Iterator<FetchPolicyResponse> messages) {
    if (!messages.hasNext()) {
      throw new PolicyFetchException("the ema-service answered nothing");
    }
    var first = messages.next();
    if (!first.hasHeader()) {
      throw new PolicyFetchException("the first message is not a header");
    }
    PolicyHeader header = first.getHeader();
    if (!header.getVersion().getRunId().equals(runId)) {
      throw new PolicyFetchException(
          "a policy of run " + header.getVersion().getRunId() + " (expected: " + runId + ")");
    }
    return header;
  }

  private static void requireDigest(ByteString digest, byte[] actual) {
    byte[] expected = digest.toByteArray();
    if (!Arrays.equals(actual, expected)) {
      var hex = HexFormat.of();
      throw new PolicyFetchException(
          "weights with digest "
              + hex.formatHex(actual)
              + " (expected: "
              + hex.formatHex(expected)
              + ")");
    }
  }

  /**
   * Checks that these weights belong to the model's architecture.
   *
   * @throws PolicyFetchException naming the first tensor that differs
   */
  public void requireFits(List<TensorShape> expected) {
    for (int i = 0; i < Math.max(expected.size(), tensors.size()); i++) {
      String served = i < tensors.size() ? describe(tensors.get(i)) : "none";
      String wanted = i < expected.size() ? describe(expected.get(i)) : "none";
      if (!served.equals(wanted)) {
        throw new PolicyFetchException(
            "tensor "
                + i
                + " is "
                + served
                + " (expected: "
                + wanted
                + "; the model here must have the learner's architecture)");
      }
    }
  }

  /** Puts the weights into the model. */
  public void writeTo(ReplaceableWeights model) {
    for (WeightsChunk chunk : chunks) {
      model.write(chunk.getOffset(), chunk.getData().asReadOnlyByteBuffer());
    }
  }

  private static String describe(Tensor tensor) {
    return tensor.getName() + tensor.getShapeList();
  }

  private static String describe(TensorShape tensor) {
    return tensor.name() + Arrays.toString(tensor.shape());
  }

  private static void update(MessageDigest digest, ByteString data) {
    data.asReadOnlyByteBufferList().forEach(digest::update);
  }
}
