package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.Continue;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.TrainRequest;
import org.junit.jupiter.api.Test;

/** The learner's side of the contract. */
class TrainStreamTest extends StreamToServer {

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
  void snapshotsThatAReleaseDoesNotKeepAreGoneBeforeTheNextMessageIsRead() throws Exception {
    try (var learner = durablyBegun()) {
      learner.upload(Policies.checkpoint(1), Policies.bytes(Policies.random(COUNT, 1)));
      learner.release(1, 1L);

      learner.upload(Policies.update(2, true), Policies.bytes(Policies.random(COUNT, 2)));

      assertThat(server.policy.snapshots().steps()).containsExactly(1L);
    }
  }

  /** Each would keep the memory of a policy. */
  @Test
  void learnerThatDiesInAnUploadIsForgotten() throws Exception {
    try (var learner = durablyBegun()) {
      learner.send(Policies.update(1, true));
      learner.send(0, Policies.bytes(Policies.random(COUNT, 9)).substring(0, Upload.CHUNK_BYTES));
      assertThat(server.service.learners()).isEqualTo(1);
    }

    for (int waits = 0; waits < 200 && server.service.learners() > 0; waits++) {
      Thread.sleep(50);
    }
    assertThat(server.service.learners()).isZero();
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
}
