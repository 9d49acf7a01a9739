package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import org.elasticreset.proto.v1.TrainRequest;
import org.junit.jupiter.api.Test;

/** What the contract does not allow a learner. */
class TrainStreamRefusalsTest extends StreamToServer {

  @Test
  void whatTheProtocolDoesNotAllowEndsTheStreamInWords() throws Exception {
    var half = Policies.bytes(initial).substring(0, Upload.CHUNK_BYTES);
    try (var learner = server.learner()) {
      learner.send(Policies.update(0, true));
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "update of step 0 before open_run (expected: open_run first)");
    }
    try (var learner = server.learner()) {
      learner.send(
          TrainRequest.newBuilder().setOpenRun(Policies.openRun("other", initial)).build());
      assertEnded(learner, Status.Code.INVALID_ARGUMENT, "run-id: other (expected: test-run)");
    }
    try (var learner = server.learner()) {
      learner.send(TrainRequest.getDefaultInstance());
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "message: none that this version of the service knows");
    }
    try (var learner = durablyBegun()) {
      learner.send(TrainRequest.newBuilder().setOpenRun(Policies.openRun(initial)).build());
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "open_run: a second one on this stream (expected: one)");
    }
    try (var learner = resumed()) {
      learner.send(0, half);
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "chunk at offset 0 outside of an update (expected: update first)");
    }
    try (var learner = resumed()) {
      learner.send(Policies.update(0, true));
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "update of step 0 (expected: a step above 0, which version 1 came out of)");
    }
    try (var learner = resumed()) {
      learner.send(Policies.update(1, true));
      learner.send(0, half);
      learner.send(Policies.update(2, true));
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "update of step 2 after 1048576 of 2101152 bytes of the update of step 1"
              + " (expected: the rest of its weights)");
    }
    assertThat(server.policy.view().version()).isEqualTo(1);
    assertThat(server.policy.view().reset().updates()).isZero();
  }

  @Test
  void chunksThatCannotBeEndTheStreamInWords() throws Exception {
    durablyBegun().close();
    var chunk = ByteString.copyFrom(new byte[Upload.CHUNK_BYTES]);

    assertChunkRefused(8, chunk, "offset of a chunk: 8 (expected: 0)");
    assertChunkRefused(-1, chunk, "offset of a chunk: 18446744073709551615 (expected: 0)");
    assertChunkRefused(0, ByteString.EMPTY, "size of a chunk: 0 bytes (expected: 1 to 1048576)");
    assertChunkRefused(
        0,
        chunk.concat(ByteString.copyFromUtf8("x")),
        "size of a chunk: 1048577 bytes (expected: 1 to 1048576)");
    try (var learner = resumed()) {
      learner.send(Policies.update(1, true));
      learner.send(0, chunk);
      learner.send(Upload.CHUNK_BYTES, chunk);
      learner.send(2L * Upload.CHUNK_BYTES, chunk);
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "size of the weights: at least 3145728 bytes (expected: 2101152, as open_run said)");
    }
    try (var learner = resumed()) {
      learner.send(Policies.update(1, true));
      var broken = Policies.random(COUNT, 1);
      broken[COUNT - 1] = Float.NaN;
      sendAll(learner, broken);
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "weight weight[%d] of step 1: NaN (expected: finite)".formatted(COUNT - 1));
    }
    assertThat(server.policy.view().reset().updates()).isZero();
  }

  @Test
  void messageAbove4MebibytesIsRefusedBeforeItIsRead() throws Exception {
    try (var learner = server.learner()) {
      learner.send(0, ByteString.copyFrom(new byte[4 << 20]));

      assertThatThrownBy(learner::receive)
          .isInstanceOfSatisfying(
              StatusException.class,
              e ->
                  assertThat(e.getStatus().getCode())
                      .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED));
    }
    begun().close();
  }

  @Test
  void nothingButAReleaseFollowsAHeldVersion() throws Exception {
    try (var learner = begun()) {
      learner.upload(Policies.checkpoint(1), Policies.bytes(initial));
      learner.send(0, Policies.bytes(initial).substring(0, Upload.CHUNK_BYTES));
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "chunk at offset 0 outside of an update (expected: update first)");
    }
    assertThat(server.policy.view().version()).isEqualTo(1);
    assertThat(server.policy.view().heldVersion()).isEqualTo(2);
  }

  @Test
  void releasesThatCannotBeEndTheStreamInWords() throws Exception {
    durablyBegun().close();
    try (var learner = server.learner()) {
      learner.send(TrainRequest.newBuilder().setRelease(Policies.release(0)).build());
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "release of step 0 before open_run (expected: open_run first)");
    }
    try (var learner = resumed()) {
      learner.send(Policies.update(1, true));
      learner.send(TrainRequest.newBuilder().setRelease(Policies.release(0)).build());
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "release of step 0 after 0 of 2101152 bytes of the update of step 1"
              + " (expected: the rest of its weights)");
    }
    try (var learner = resumed()) {
      learner.send(TrainRequest.newBuilder().setRelease(Policies.release(7)).build());
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "release of step 7 (expected: of an update that was answered with held; none is)");
    }
  }

  private void assertChunkRefused(long offset, ByteString data, String reason) throws Exception {
    try (var learner = resumed()) {
      learner.send(Policies.update(1, true));
      learner.send(offset, data);
      assertEnded(learner, Status.Code.INVALID_ARGUMENT, reason);
    }
  }
}
