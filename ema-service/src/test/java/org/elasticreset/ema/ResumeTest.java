package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.elasticreset.proto.v1.RunOpened;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a learner may go on, in one life of the service and across its restarts. */
class ResumeTest {

  private static final int COUNT = 50;

  private final float[] initial = weights(0);
  private final Learner learner = () -> {};

  @TempDir Path directory;

  @Test
  void heldVersionIsServedWhenTheLearnerComesBackWithItsCheckpoint() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    hold(policy, 1);

    var opened = resume(policy, 1, 2, weights(1));

    assertThat(opened.getVersion()).isEqualTo(2);
    assertThat(policy.view().version()).isEqualTo(2);
    assertThat(policy.goBacks()).isZero();
    assertThat(served(policy)).isEqualTo(weights(1));
  }

  @Test
  void heldVersionIsDiscardedWhenTheLearnerComesBackWithTheCheckpointBeforeIt() throws Exception {
    var policy = begun(new ResetTrigger.EveryNUpdates(2));
    hold(policy, 1);

    var opened = resume(policy, 0, 1, initial);

    assertThat(opened.getVersion()).isEqualTo(1);
    assertThat(policy.goBacks()).isEqualTo(1);
    // Its number was never seen and is given to the next.
    assertThat(take(policy, 1, weights(7)).newest().getVersion()).isEqualTo(2);
    assertThat(take(policy, 2, weights(8))).isInstanceOf(WasReset.class);
    policy.release(learner, Policies.release(2));
    assertThat(served(policy))
        .isEqualTo(Policies.average(initial, List.of(weights(7), weights(8))));
  }

  @Test
  void goingBackBehindServedVersionsPublishesTheOldWeightsUnderANewNumber() throws Exception {
    var policy = begun(new ResetTrigger.EveryNUpdates(4));
    checkpoint(policy, 1);
    take(policy, 2, weights(2));
    take(policy, 3, weights(3));
    assertThat(policy.view().version()).isEqualTo(4);

    var opened = resume(policy, 1, 2, weights(1));

    assertThat(opened.getVersion()).isEqualTo(5);
    assertThat(opened.getUpdatesSinceReset()).isEqualTo(1);
    assertThat(served(policy)).isEqualTo(weights(1));
    assertThat(policy.view().newest().orElseThrow().version().getStep()).isEqualTo(1);
    for (int step = 2; step <= 4; step++) {
      take(policy, step, weights(10 + step));
    }
    policy.release(learner, Policies.release(4));
    assertThat(served(policy))
        .isEqualTo(
            Policies.average(initial, List.of(weights(1), weights(12), weights(13), weights(14))));
    assertThat(policy.view().version()).isEqualTo(8);
  }

  @Test
  void goingBackTwiceToTheSamePointNeedsNoThirdNumber() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    take(policy, 1, weights(1));
    assertThat(resume(policy, 0, 1, initial).getVersion()).isEqualTo(3);

    assertThat(resume(policy, 0, 1, initial).getVersion()).isEqualTo(3);
    var restarted = restarted(new ResetTrigger.OnRequest());
    assertThat(restarted.view().version()).isEqualTo(3);
    assertThat(resume(restarted, 0, 1, initial).getVersion()).isEqualTo(3);
    assertThat(resume(restarted, 0, 3, initial).getVersion()).isEqualTo(3);
  }

  @Test
  void updateThatPublishedNothingIsNotGoneOnFrom() throws Exception {
    var policy = begun(new ResetTrigger.EveryNUpdates(2));
    policy.take(learner, Policies.upload(Policies.update(1, false), weights(9)));
    assertThat(policy.view().reset().updates()).isEqualTo(1);

    var opened = resume(policy, 0, 1, initial);

    assertThat(opened.getVersion()).isEqualTo(1);
    assertThat(policy.view().reset().updates()).isZero();
    take(policy, 1, weights(1));
    assertThat(((WasReset) take(policy, 2, weights(2))).average().version().getDigest())
        .isEqualTo(Policies.digest(Policies.average(initial, List.of(weights(1), weights(2)))));
  }

  @Test
  void restartServesWhatWasServedAndGoesOnAsIfNothingHadHappened() throws Exception {
    var before = begun(new ResetTrigger.EveryNUpdates(3));
    checkpoint(before, 1);
    hold(before, 2);

    var after = restarted(new ResetTrigger.EveryNUpdates(3));

    assertThat(after.view().version()).isEqualTo(2);
    assertThat(served(after)).isEqualTo(weights(1));
    var opened = resume(after, 2, 3, weights(2));
    assertThat(opened)
        .isEqualTo(
            RunOpened.newBuilder()
                .setRunId(Policies.RUN)
                .setVersion(3)
                .setUpdatesSinceReset(2)
                .build());
    assertThat(after.view().newest().orElseThrow().version().getVersion()).isEqualTo(3);
    assertThat(take(after, 3, weights(3))).isInstanceOf(WasReset.class);
    after.release(learner, Policies.release(3));
    assertThat(served(after))
        .isEqualTo(Policies.average(initial, List.of(weights(1), weights(2), weights(3))));
  }

  @Test
  void averageAfterAResetStartsFromTheInitialWeightsAcrossARestart() throws Exception {
    var before = begun(new ResetTrigger.EveryNUpdates(2));
    take(before, 1, weights(1));
    take(before, 2, weights(2));
    var average = Policies.average(initial, List.of(weights(1), weights(2)));

    var after = restarted(new ResetTrigger.EveryNUpdates(2));

    assertThat(after.view().version()).as("the reset was held").isEqualTo(1);
    assertThat(resume(after, 2, 3, average).getResetEpoch()).isEqualTo(1);
    assertThat(served(after)).isEqualTo(average);
    take(after, 3, weights(3));
    take(after, 4, weights(4));
    after.release(learner, Policies.release(4));
    assertThat(served(after)).isEqualTo(Policies.average(initial, List.of(weights(3), weights(4))));
  }

  @Test
  void epochsDoNotGoBackwardsEvenIfTheSnapshotOfAResetIsDamaged() throws Exception {
    var before = begun(new ResetTrigger.EveryNUpdates(2));
    checkpoint(before, 1);
    checkpoint(before, 2);
    damage("step-00000002/policy.f32");

    var after = restarted(new ResetTrigger.EveryNUpdates(2));
    var opened = resume(after, 1, 2, weights(1));

    assertThat(opened.getVersion()).isEqualTo(4);
    assertThat(opened.getResetEpoch()).isEqualTo(1);
    assertThat(opened.getUpdatesSinceReset()).isEqualTo(1);
    assertThat(take(after, 2, weights(2)).newest().getResetEpoch()).isEqualTo(2);
  }

  @Test
  void damagedSnapshotIsRefusedWithItsReasonAndTheOneBeforeItIsUsed() throws Exception {
    var before = begun(new ResetTrigger.OnRequest());
    checkpoint(before, 1);
    checkpoint(before, 2);
    damage("step-00000002/average.f32");
    var after = Policies.averagedPolicy(new ResetTrigger.OnRequest(), directory);

    assertThat(after.load()).singleElement().asString().contains("average.f32 has digest");
    assertThat(after.view().version()).isEqualTo(2);
    assertThatThrownBy(() -> resume(after, 2, 3, weights(2)))
        .hasMessageContaining("resume behind step 2 is not possible: ")
        .hasMessageContaining("average.f32 has digest")
        .hasMessageEndingWith("(held: snapshots of steps [2, 1, 0])");
    assertThat(resume(after, 1, 2, weights(1)).getVersion()).isEqualTo(4);
    assertThat(served(after)).isEqualTo(weights(1));
  }

  @Test
  void pointsThatAreNotHeldAreRefusedAndChangeNothing() throws Exception {
    var empty = Policies.averagedPolicy(new ResetTrigger.OnRequest(), directory.resolve("empty"));
    assertRefused(
        "resume behind step 3 is not possible: the run has not begun here (held: no snapshot)",
        () -> resume(empty, 3, 4, initial));
    var policy = begun(new ResetTrigger.OnRequest());
    take(policy, 1, weights(1));
    var view = policy.view();

    assertRefused(
        "resume behind step 0 is not possible: the snapshot of that step has other weights"
            + " (held: snapshots of steps [0])",
        () -> resume(policy, 0, 1, weights(5)));
    assertRefused(
        "resume from version 9 (expected: at most 2, the highest of run test-run)",
        () -> resume(policy, 1, 9, weights(1)));
    assertRefused(
        "resume from version 18446744073709551615"
            + " (expected: at most 2, the highest of run test-run)",
        () -> resume(policy, 0, -1, initial));
    assertThatThrownBy(() -> resume(policy, 7, 2, initial))
        .hasMessageContaining("no such checkpoint");
    assertThatThrownBy(() -> resume(policy, -1, 2, initial))
        .hasMessageContaining("resume behind step 18446744073709551615 is not possible");
    assertThat(policy.view()).isEqualTo(view);
    assertThat(take(policy, 2, weights(2)).newest().getVersion()).isEqualTo(3);
  }

  @Test
  void runBeginsAgainWhileOnlyItsInitialPolicyIsThere() throws Exception {
    var policy = Policies.averagedPolicy(new ResetTrigger.OnRequest(), directory);
    policy.open(learner, Policies.openRun(weights(5)));
    policy.take(learner, Policies.upload(Policies.checkpoint(0), weights(5)));

    // Nobody saw version 1 yet, so it may even be of other weights.
    assertThat(policy.open(learner, Policies.openRun(initial)).getVersion()).isZero();
    checkpoint(policy, 0);
    assertThat(policy.view().version()).isEqualTo(1);
    assertThat(policy.open(learner, Policies.openRun(initial)).getVersion()).isZero();
    assertThat(policy.view().version()).as("workers are served on").isEqualTo(1);
    checkpoint(policy, 0);
    assertThat(policy.view().version()).isEqualTo(2);
    assertThat(served(policy)).isEqualTo(initial);
    assertRefused(
        "initial_digest: other initial weights than run test-run began with"
            + " (expected: the same, or another run-id)",
        () -> policy.open(learner, Policies.openRun(weights(5))));
  }

  @Test
  void runThatHasGoneOnDoesNotBeginAgain() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    take(policy, 1, weights(1));
    var refusal =
        "open_run without resume: run test-run is behind step 1"
            + " (expected: resume, held: snapshots of steps [0]; or another run-id)";

    assertRefused(refusal, () -> policy.open(learner, Policies.openRun(initial)));
    assertRefused(
        refusal,
        () -> restarted(new ResetTrigger.OnRequest()).open(learner, Policies.openRun(initial)));
  }

  @Test
  void nothingFollowsAHeldVersionBeforeItsRelease() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    hold(policy, 1);

    assertRefused(
        "update of step 2 while version 2 is held (expected: release of step 1 first)",
        () -> take(policy, 2, weights(2)));
    assertRefused(
        "release of step 2 (expected: step 1, whose version 2 is held)",
        () -> policy.release(learner, Policies.release(2)));
    assertThat(policy.release(learner, Policies.release(1)).getVersion()).isEqualTo(2);
    assertThat(policy.release(learner, Policies.release(1)).getVersion()).isEqualTo(2);
    assertRefused(
        "release of step 0 (expected: of an update that was answered with held; none is)",
        () -> policy.release(learner, Policies.release(0)));
    assertThat(take(policy, 2, weights(2)).newest().getVersion()).isEqualTo(3);
  }

  @Test
  void releaseDeletesTheSnapshotsThatTheLearnerNoLongerKeeps() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    for (int step = 1; step <= 3; step++) {
      hold(policy, step);
      policy.release(learner, Policies.release(step, (long) step, step - 1L));
    }

    assertThat(policyDirectories()).containsExactlyInAnyOrder("step-00000002", "step-00000003");
    assertRefused(
        "resume behind step 0 is not possible: %s: no such checkpoint (kept: [3, 2]) (held: snapshots of steps [3, 2])"
            .formatted(directory.resolve("step-00000000")),
        () -> resume(policy, 0, 1, initial));
  }

  private List<String> policyDirectories() throws Exception {
    try (var files = Files.list(directory)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .toList();
    }
  }

  private AveragedPolicy begun(ResetTrigger trigger) {
    var policy = Policies.averagedPolicy(trigger, directory);
    policy.open(learner, Policies.openRun(initial));
    checkpoint(policy, 0);
    return policy;
  }

  private AveragedPolicy restarted(ResetTrigger trigger) throws Exception {
    var policy = Policies.averagedPolicy(trigger, directory);
    policy.load();
    return policy;
  }

  private RunOpened resume(AveragedPolicy policy, long step, long version, float[] weights) {
    return policy.open(learner, Policies.resume(initial, step, version, digest(weights)));
  }

  private UpdateAnswer take(AveragedPolicy policy, long step, float[] weights) {
    return policy.take(learner, Policies.upload(Policies.update(step, true), weights));
  }

  private void hold(AveragedPolicy policy, long step) {
    policy.take(learner, Policies.upload(Policies.checkpoint(step), weights(step)));
  }

  private void checkpoint(AveragedPolicy policy, long step) {
    hold(policy, step);
    policy.release(learner, Policies.release(step, 0L, 1L, 2L));
  }

  private void damage(String file) throws Exception {
    var path = directory.resolve(file);
    var bytes = Files.readAllBytes(path);
    bytes[3] ^= 1;
    Files.write(path, bytes);
  }

  private static float[] weights(long step) {
    return Policies.random(COUNT, step);
  }

  private static ByteString digest(float[] weights) {
    return Policies.digest(weights);
  }

  private static float[] served(AveragedPolicy policy) {
    return Policies.floats(policy.view().newest().orElseThrow().weights());
  }

  private static void assertRefused(String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getDescription()).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            });
  }
}
