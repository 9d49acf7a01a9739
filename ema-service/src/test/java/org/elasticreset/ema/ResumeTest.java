package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.junit.jupiter.api.Test;

/** Where a learner may go on. */
class ResumeTest extends RunOnDisk {

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
    assertThat(((WasReset) take(policy, 2, weights(2))).adopted().version().getDigest())
        .isEqualTo(Policies.digest(Policies.average(initial, List.of(weights(1), weights(2)))));
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
  void snapshotsThatTheLearnerNoLongerKeepsAreDeletedBehindARelease() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    for (int step = 1; step <= 3; step++) {
      hold(policy, step);
      Policies.release(policy, learner, step, (long) step, step - 1L);
    }

    assertThat(policyDirectories()).containsExactlyInAnyOrder("step-00000002", "step-00000003");
    assertRefused(
        "resume behind step 0 is not possible: %s: no such checkpoint (kept: [3, 2]) (held: snapshots of steps [3, 2])"
            .formatted(directory.resolve("step-00000000")),
        () -> resume(policy, 0, 1, initial));
  }

  /** Its successor may have gone back, and have others to go back to. */
  @Test
  void learnerThatAnotherOneFollowedDeletesNothing() throws Exception {
    var policy = begun(new ResetTrigger.OnRequest());
    checkpoint(policy, 1);
    hold(policy, 2);
    var release = Policies.release(2, 2L);
    policy.release(learner, release);
    policy.open(() -> {}, Policies.resume(initial, 1, 2, Policies.digest(weights(1))));

    policy.retain(learner, release);

    assertThat(policyDirectories()).containsExactlyInAnyOrder("step-00000000", "step-00000001");
  }
}
