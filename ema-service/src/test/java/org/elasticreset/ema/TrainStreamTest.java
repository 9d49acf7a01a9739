package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.TrainRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The learner's side of the contract, over Netty. */
class TrainStreamTest {

  /** More than two chunks, the last one short. */
  private static final int COUNT = (2 * Upload.CHUNK_BYTES + 4000) / Float.BYTES;

  private final float[] initial = Policies.random(COUNT, 0);
  private final TestServer server = new TestServer(new ResetTrigger.EveryNUpdates(3));

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void learnerAdoptsTheAverageAtEveryThirdUpdate() throws Exception {
    try (var learner = server.learner()) {
      assertThat(learner.open(Policies.openRun(initial)).getRunOpened())
          .isEqualTo(RunOpened.getDefaultInstance());
      assertThat(learner.upload(0, initial).getContinue())
          .isEqualTo(Continue.newBuilder().setVersion(1).build());

      for (int epoch = 0; epoch < 2; epoch++) {
        var updates = new ArrayList<float[]>();
        for (int n = 1; n <= 2; n++) {
          updates.add(Policies.random(COUNT, 10 * epoch + n));
          var answer = learner.upload(3 * epoch + n, updates.get(n - 1));
          assertThat(answer.getContinue())
              .isEqualTo(
                  Continue.newBuilder().setVersion(1 + 3 * epoch + n).setResetEpoch(epoch).build());
        }
        updates.add(Policies.random(COUNT, 10 * epoch + 3));
        var reset = learner.upload(3 * epoch + 3, updates.get(2)).getReset();

        assertThat(reset.getVersion()).isEqualTo(4 + 3 * epoch);
        assertThat(reset.getResetEpoch()).isEqualTo(epoch + 1);
        assertThat(reset.getReason()).isEqualTo("3 updates since the last reset");
        assertThat(Policies.floats(learner.adopt(reset.getTotalBytes())))
            .isEqualTo(Policies.average(initial, updates));
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
  void partialUploadLeavesNoTrace() throws Exception {
    try (var learner = begun()) {
      learner.send(Policies.update(1, true));
      learner.send(0, Policies.bytes(Policies.random(COUNT, 9)).substring(0, Upload.CHUNK_BYTES));
    }
    var updates = List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2), initial);

    try (var learner = server.learner()) {
      var opened = learner.open(Policies.openRun(initial)).getRunOpened();
      assertThat(opened).isEqualTo(RunOpened.newBuilder().setVersion(1).build());
      learner.upload(1, updates.get(0));
      learner.upload(2, updates.get(1));
      var reset = learner.upload(3, updates.get(2)).getReset();

      assertThat(Policies.floats(learner.adopt(reset.getTotalBytes())))
          .isEqualTo(Policies.average(initial, updates));
    }
  }

  @Test
  void learnerThatReconnectsIsToldWhereTheRunStands() throws Exception {
    try (var learner = begun()) {
      for (int step = 1; step <= 4; step++) {
        learner.upload(step, Policies.random(COUNT, step));
        if (step == 3) {
          learner.adopt((long) COUNT * Float.BYTES);
        }
      }
    }

    try (var learner = server.learner()) {
      assertThat(learner.open(Policies.openRun(initial)).getRunOpened())
          .isEqualTo(
              RunOpened.newBuilder()
                  .setVersion(5)
                  .setResetEpoch(1)
                  .setUpdatesSinceReset(1)
                  .build());
    }
  }

  @Test
  void newerLearnerEndsTheStreamOfTheOlder() throws Exception {
    try (var older = begun();
        var newer = server.learner()) {
      newer.open(Policies.openRun(initial));

      assertEnded(older, Status.Code.ABORTED, "another learner opened this run");
      assertThat(newer.upload(1, initial).getContinue().getVersion()).isEqualTo(2);
    }
  }

  @Test
  void versionThatCouldNotBeAnnouncedIsAnnouncedWhenTheLearnerComesBack() throws Exception {
    try (var learner = begun()) {
      server.kafkaIsDown = true;
      learner.send(Policies.update(1, true));
      sendAll(learner, initial);

      assertEnded(
          learner,
          Status.Code.UNAVAILABLE,
          "version 2 is published, but could not be announced on policy-versions: no broker");
    }
    server.kafkaIsDown = false;
    try (var learner = server.learner()) {
      assertThat(learner.open(Policies.openRun(initial)).getRunOpened().getVersion()).isEqualTo(2);
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
    try (var learner = begun()) {
      learner.send(TrainRequest.newBuilder().setOpenRun(Policies.openRun(initial)).build());
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "open_run: a second one on this stream (expected: one)");
    }
    try (var learner = reopened()) {
      learner.send(0, half);
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "chunk at offset 0 outside of an update (expected: update first)");
    }
    try (var learner = reopened()) {
      learner.send(Policies.update(0, true));
      assertEnded(
          learner,
          Status.Code.FAILED_PRECONDITION,
          "update of step 0 (expected: a step above 0, which version 1 came out of)");
    }
    try (var learner = reopened()) {
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
    begun().close();
    var chunk = ByteString.copyFrom(new byte[Upload.CHUNK_BYTES]);

    assertChunkRefused(8, chunk, "offset of a chunk: 8 (expected: 0)");
    assertChunkRefused(-1, chunk, "offset of a chunk: 18446744073709551615 (expected: 0)");
    assertChunkRefused(0, ByteString.EMPTY, "size of a chunk: 0 bytes (expected: 1 to 1048576)");
    assertChunkRefused(
        0,
        chunk.concat(ByteString.copyFromUtf8("x")),
        "size of a chunk: 1048577 bytes (expected: 1 to 1048576)");
    try (var learner = reopened()) {
      learner.send(Policies.update(1, true));
      learner.send(0, chunk);
      learner.send(Upload.CHUNK_BYTES, chunk);
      learner.send(2L * Upload.CHUNK_BYTES, chunk);
      assertEnded(
          learner,
          Status.Code.INVALID_ARGUMENT,
          "size of the weights: at least 3145728 bytes (expected: 2101152, as open_run said)");
    }
    try (var learner = reopened()) {
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

  private void assertChunkRefused(long offset, ByteString data, String reason) throws Exception {
    try (var learner = reopened()) {
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
    var learner = reopened();
    learner.upload(0, initial);
    return learner;
  }

  private TestLearner reopened() throws Exception {
    var learner = server.learner();
    learner.open(Policies.openRun(initial));
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
