package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.elasticreset.proto.v1.RunOpened;
import org.junit.jupiter.api.Test;

/** What becomes of a run when the service starts again, or the run does. */
class RestartTest extends RunOnDisk {

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
}
