package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.StatusWords;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.elasticreset.proto.v1.PolicyHeader;

/** The average behind a version, as the ema-service serves it: whole and as its digest says. */
record AverageDownload(ManagedChannel channel, String address, String runId, Duration timeout) {

  /**
   * Fetches it.
   *
   * @param size of the weights in bytes
   * @return the weights, in pieces
   * @throws EmaServiceException if what comes is not that, or nothing does
   */
  List<ByteString> of(long version, long size) {
    FetchPolicyRequest request =
        FetchPolicyRequest.newBuilder()
            .setRunId(runId)
            .setVersion(version)
            .setAverage(true)
            .build();
    try (Context.CancellableContext call = Context.current().withCancellation()) {
      Context caller = call.attach();
      try {
        return assemble(
            version,
            size,
            ElasticResetGrpc.newBlockingStub(channel)
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .fetchPolicy(request));
      } catch (StatusRuntimeException e) {
        boolean passing =
            switch (e.getStatus().getCode()) {
              case UNAVAILABLE, DEADLINE_EXCEEDED, UNKNOWN, INTERNAL, NOT_FOUND -> true;
              default -> false;
            };
        throw new EmaServiceException(
            "ema-service at %s did not give the average behind version %d: %s"
                .formatted(address, version, StatusWords.of(e.getStatus())),
            passing);
      } finally {
        call.detach(caller);
      }
    }
  }

  private List<ByteString> assemble(
      long version, long size, Iterator<FetchPolicyResponse> messages) {
    PolicyHeader header = messages.next().getHeader();
    List<ByteString> pieces = new ArrayList<>();
    MessageDigest digest = sha256();
    long received = 0;
    while (messages.hasNext()) {
      ByteString piece = messages.next().getChunk().getData();
      piece.asReadOnlyByteBufferList().forEach(digest::update);
      received += piece.size();
      pieces.add(piece);
    }
    boolean whole =
        header.getVersion().getVersion() == version
            && received == size
            && header.getAverageDigest().equals(ByteString.copyFrom(digest.digest()));
    if (!whole) {
      throw new EmaServiceException(
          "ema-service at %s gave %d bytes of version %d (expected: %d bytes with the digest of the average behind version %d)"
              .formatted(address, received, header.getVersion().getVersion(), size, version),
          true);
    }
    return pieces;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
