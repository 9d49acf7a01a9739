package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.TrainRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learner's side of the contract, over Netty. */
class TrainStreamTest {

  /** More than two chunks, the last one short. */
  private static final int COUNT = (2 * Upload.CHUNK_BYTES + 4000) / Float.BYTES;

  private final float[] initial = Policies.random(COUNT, 0);

  @TempDir Path directory;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(new ResetTrigger.EveryNUpdates(3), directory);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void learnerAdoptsTheAverageAtEveryThirdUpdate() throws Exception {
    try (var learner = server.learner()) {
      assertThat(learner.open(Policies.openRun(initial)).getRunOpened())
          .isEqualTo(RunOpened.newBuilder().setRunId(Policies.RUN).build());
      assertThat(learner.upload(0, initial).getContinue())
          .isEqualTo(
              Continue.newBuilder().setVersion(1).setDigest(Policies.digest(initial)).build());

      for (int epoch = 0; epoch < 2; epoch++) {
        var updates = new ArrayList<float[]>();
        for (int n = 1; n <= 2; n++) {
          updates.add(Policies.random(COUNT, 10 * epoch + n));
          var answer = learner.upload(3 * epoch + n, updates.get(n - 1));
          assertThat(answer.getContinue())
              .isEqualTo(
                  Continue.newBuilder()
                      .setVersion(1 + 3 * epoch + n)
                      .setResetEpoch(epoch)
                      .setDigest(Policies.digest(updates.get(n - 1)))
                      .build());
        }
        updates.add(Policies.random(COUNT, 10 * epoch + 3));
        var reset = learner.upload(3 * epoch + 3, updates.get(2)).getReset();

        assertThat(reset.getVersion()).isEqualTo(4 + 3 * epoch);
        assertThat(reset.getResetEpoch()).isEqualTo(epoch + 1);
        assertThat(reset.getReason()).isEqualTo("3 updates since the last reset");
        assertThat(reset.getHeld()).isTrue();
        var average = Policies.average(initial, updates);
        assertThat(reset.getDigest()).isEqualTo(Policies.digest(average));
        assertThat(Policies.floats(learner.adopt(reset.getTotalBytes()))).isEqualTo(average);
        assertThat(learner.release(3 * epoch + 3).getVersion()).isEqualTo(4 + 3 * epoch);
      }
      learner.complete();
    }
    assertThat(server.announced)
        .extracting(PolicyVersion::getVersion)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(server.announced.get(3).getDigest())
        .isEqualTo(
            Policies.digest(
                Policies.average(
                    initial,
                    List.of(
                        Policies.random(COUNT, 1),
                        Policies.random(COUNT, 2),
                        Policies.random(COUNT, 3)))));
  }

  @Test
  void updatesWithinAStepAreAnsweredWithTheVersionThatIsServed() throws Exception {
    try (var learner = begun()) {
      var answer =
          learner.upload(Policies.update(1, false), Policies.bytes(Policies.random(COUNT, 1)));

      assertThat(answer.getContinue().getVersion()).isEqualTo(1);
      assertThat(learner.upload(1, initial).getContinue().getVersion()).isEqualTo(2);
    }
    assertThat(server.policy.view().reset().updates()).isEqualTo(2);
    assertThat(server.announced).hasSize(2);
  }

  @Test
  void heldVersionIsAnnouncedAndServedOnceItIsReleased() throws Exception {
    try (var learner = begun()) {
      var next = Policies.random(COUNT, 1);
      var answer = learner.upload(Policies.checkpoint(1), Policies.bytes(next)).getContinue();

      assertThat(answer)
          .isEqualTo(
              Continue.newBuilder()
                  .setVersion(2)
                  .setHeld(true)
                  .setDigest(Policies.digest(next))
                  .build());
      assertThat(server.announced).hasSize(1);
      assertThat(server.policy.view().version()).isEqualTo(1);
      assertThat(learner.release(1, 0L, 1L).getVersion()).isEqualTo(2);
      assertThat(server.announced).hasSize(2);
      assertThat(server.policy.view().version()).isEqualTo(2);
      assertThat(learner.release(1, 0L, 1L).getVersion()).as("said twice").isEqualTo(2);
    }
  }

  @Test
  void partialUploadLeavesNoTrace() throws Exception {
    try (var learner = durablyBegun()) {
      learner.send(Policies.update(1, true));
      learner.send(0, Policies.bytes(Policies.random(COUNT, 9)).substring(0, Upload.CHUNK_BYTES));
    }
    var updates = List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2), initial);

    try (var learner = resumed()) {
      learner.upload(1, updates.get(0));
      learner.upload(2, updates.get(1));
      var reset = learner.upload(3, updates.get(2)).getReset();

      assertThat(Policies.floats(learner.adopt(reset.getTotalBytes())))
          .isEqualTo(Policies.average(initial, updates));
    }
  }

  @Test
  void learnerThatReconnectsGoesOnWhereItStands() throws Exception {
    var newest = Policies.random(COUNT, 4);
    try (var learner = durablyBegun()) {
      for (int step = 1; step <= 3; step++) {
        learner.uploadDurably(step, Policies.random(COUNT, step));
      }
      learner.upload(4, newest);
    }

    try (var learner = server.learner()) {
      assertThat(
              learner.open(Policies.resume(initial, 4, 5, Policies.digest(newest))).getRunOpened())
          .isEqualTo(
              RunOpened.newBuilder()
                  .setRunId(Policies.RUN)
                  .setVersion(5)
                  .setResetEpoch(1)
                  .setUpdatesSinceReset(1)
                  .build());
    }
  }

  @Test
  void learnerThatGoesBackIsToldTheNumberThatItsWeightsHaveNow() throws Exception {
    try (var learner = durablyBegun()) {
      learner.upload(1, Policies.random(COUNT, 1));
      learner.upload(2, Policies.random(COUNT, 2));
    }

    try (var learner = server.learner()) {
      var opened = learner.open(Policies.resume(initial, 0, 1, Policies.digest(initial)));

      assertThat(opened.getRunOpened().getVersion()).isEqualTo(4);
      assertThat(opened.getRunOpened().getUpdatesSinceReset()).isZero();
      assertThat(server.announced)
          .extracting(PolicyVersion::getVersion)
          .containsExactly(1L, 2L, 3L, 4L);
      assertThat(server.announced.get(3).getDigest()).isEqualTo(Policies.digest(initial));
      assertThat(learner.upload(1, initial).getContinue().getVersion()).isEqualTo(5);
    }
  }

  @Test
  void newerLearnerEndsTheStreamOfTheOlder() throws Exception {
    try (var older = durablyBegun();
        var newer = resumed()) {

      assertEnded(older, Status.Code.ABORTED, "another learner opened this run");
      assertThat(newer.upload(1, initial).getContinue().getVersion()).isEqualTo(2);
    }
  }

  @Test
  void versionThatCouldNotBeAnnouncedIsAnnouncedWhenTheLearnerComesBack() throws Exception {
    try (var learner = durablyBegun()) {
      learner.upload(Policies.checkpoint(1), Policies.bytes(initial));
      server.kafkaIsDown = true;
      learner.send(TrainRequest.newBuilder().setRelease(Policies.release(1)).build());

      assertEnded(
          learner,
          Status.Code.UNAVAILABLE,
          "version 2 is published, but could not be announced on policy-versions: no broker");
    }
    server.kafkaIsDown = false;
    try (var learner = server.learner()) {
      var opened = learner.open(Policies.resume(initial, 1, 2, Policies.digest(initial)));
      assertThat(opened.getRunOpened().getVersion()).isEqualTo(2);
    }
    assertThat(server.announced).extracting(PolicyVersion::getVersion).containsExactly(1L, 2L);
  }

  @Test
  void stopOfTheServiceIsSaid() throws Exception {
    try (var learner = begun()) {
      server.stop();

      assertEnded(learner, Status.Code.UNAVAILABLE, "the ema-service is stopping");
    }
  }

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

  private static void sendAll(TestLearner learner, float[] weights) throws Exception {
    var bytes = Policies.bytes(weights);
    for (int offset = 0; offset < bytes.size(); offset += Upload.CHUNK_BYTES) {
      learner.send(
          offset, bytes.substring(offset, Math.min(bytes.size(), offset + Upload.CHUNK_BYTES)));
    }
  }

  /** A learner that has uploaded the initial policy. */
  private TestLearner begun() throws Exception {
    var learner = server.learner();
    learner.open(Policies.openRun(initial));
    learner.upload(0, initial);
    return learner;
  }

  /** A learner that has a checkpoint of step 0, too. */
  private TestLearner durablyBegun() throws Exception {
    var learner = server.learner();
    learner.open(Policies.openRun(initial));
    learner.uploadDurably(0, initial);
    return learner;
  }

  /** A learner that goes on from its checkpoint of step 0. */
  private TestLearner resumed() throws Exception {
    var learner = server.learner();
    learner.open(Policies.resume(initial, 0, 1, Policies.digest(initial)));
    return learner;
  }

  private static void assertEnded(TestLearner learner, Status.Code code, String reason) {
    assertThatThrownBy(learner::receive)
        .isInstanceOfSatisfying(
            StatusException.class,
            e -> {
              assertThat(Objects.requireNonNull(e.getStatus().getDescription())).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(code);
            });
  }
}
