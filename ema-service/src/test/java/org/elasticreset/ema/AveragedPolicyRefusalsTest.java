package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.util.List;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.Continued;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.Update;
import org.junit.jupiter.api.Test;

/** Who and what is not let into the average. */
class AveragedPolicyRefusalsTest extends StateOfARun {

  @Test
  void newerLearnerSupersedesTheOlder() {
    var policy = begun(new ResetTrigger.OnRequest());
    var newer = new CountingLearner();

    var opened = policy.open(newer, Policies.resume(initial, 0, 1, digest()));

    assertThat(opened.getVersion()).isEqualTo(1);
    assertThat(learner.superseded).isEqualTo(1);
    assertRefused(
        Status.Code.ABORTED,
        "another learner opened run test-run",
        () -> take(policy, 1, true, initial));
    assertThat(policy.take(newer, Policies.upload(Policies.update(1, true), initial)))
        .isInstanceOf(Continued.class);
  }

  @Test
  void olderLearnerReleasesNothing() {
    var policy = begun(new ResetTrigger.OnRequest());
    policy.take(learner, Policies.upload(Policies.checkpoint(1), Policies.random(COUNT, 1)));
    var newer = new CountingLearner();
    policy.open(newer, Policies.resume(initial, 0, 1, digest()));

    assertRefused(
        Status.Code.ABORTED,
        "another learner opened run test-run",
        () -> policy.release(learner, Policies.release(1)));

    assertThat(policy.view().version()).isEqualTo(1);
    assertThat(policy.view().heldVersion()).isZero();
  }

  @Test
  void learnerThatIsRefusedLeavesTheOtherOneAlone() {
    var policy = begun(new ResetTrigger.OnRequest());
    var held = policy.take(learner, Policies.upload(Policies.checkpoint(1), initial));
    var newer = new CountingLearner();

    assertOpenRefused(
        policy,
        Status.Code.FAILED_PRECONDITION,
        "open_run without resume: run test-run is behind step 1"
            + " (expected: resume, held: snapshots of steps [1, 0]; or another run-id)",
        Policies.openRun(initial).toBuilder());
    assertThatThrownBy(() -> policy.open(newer, Policies.resume(initial, 5, 1, digest())))
        .hasMessageContaining("no such checkpoint");

    assertThat(learner.superseded).isZero();
    assertThat(policy.release(learner, Policies.release(1))).isEqualTo(held.newest());
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedBeforeTheyEnterTheAverage() {
    var policy = begun(new ResetTrigger.EveryNUpdates(1));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      var broken = Policies.random(COUNT, 1);
      broken[17] = bad;

      assertRefused(
          Status.Code.INVALID_ARGUMENT,
          "weight weight[17] of step 1: " + bad + " (expected: finite)",
          () -> take(policy, 1, true, broken));
    }

    assertThat(policy.view().version()).isEqualTo(1);
    assertThat(policy.view().reset().updates()).isZero();
    take(policy, 1, true, Policies.random(COUNT, 2));
    policy.release(learner, Policies.release(1));
    assertThat(served(policy))
        .isEqualTo(Policies.average(initial, List.of(Policies.random(COUNT, 2))));
  }

  @Test
  void updatesThatCannotFollowAreRefused() {
    var empty = Policies.averagedPolicy(new ResetTrigger.OnRequest(), directory.resolve("empty"));
    empty.open(learner, Policies.openRun(initial));
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "update of step 1 (expected: the initial policy first, as a published update of step 0)",
        () -> take(empty, 1, true, initial));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "initial policy: other weights than initial_digest of open_run says",
        () -> take(empty, 0, true, Policies.random(COUNT, 1)));

    var policy = begun(new ResetTrigger.OnRequest());
    take(policy, 1, true, initial);
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "update of step 1 (expected: a step above 1, which version 2 came out of)",
        () -> take(policy, 1, true, initial));
    take(policy, 2, false, initial);
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "checkpoint: true (expected: only with publish)",
        () -> policy.check(learner, Policies.checkpoint(2).toBuilder().setPublish(false).build()));
    assertRefused(
        Status.Code.INVALID_ARGUMENT,
        "klToInitialNats: NaN (expected: a finite number)",
        () ->
            policy.check(
                learner,
                Update.newBuilder()
                    .setStep(2)
                    .setPublish(true)
                    .setKlToInitialNats(Double.NaN)
                    .build()));
  }

  @Test
  void runsThatCannotBeOpenedAreRefused() {
    var policy = begun(new ResetTrigger.OnRequest());
    var run = Policies.openRun(initial);

    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "run-id: other (expected: test-run)",
        run.toBuilder().setRunId("other"));
    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "tensors: none (expected: 1 to 100000)",
        run.toBuilder().clearTensors());
    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "tensors: 'weight' twice (expected: unique names)",
        run.toBuilder().addTensors(run.getTensors(0)));
    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "tensors: 67108868 bytes in all (expected: at most 67108864, ema.max-policy-bytes)",
        run.toBuilder().setTensors(0, Tensor.newBuilder().setName("w").addShape((16 << 20) + 1)));
    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "shape of bias: [0] (expected: positive lengths that fit in memory)",
        run.toBuilder().addTensors(Tensor.newBuilder().setName("bias").addShape(0)));
    assertOpenRefused(
        policy,
        Status.Code.INVALID_ARGUMENT,
        "initial_digest: 0 bytes (expected: the 32 of a SHA-256)",
        run.toBuilder().clearInitialDigest());
    assertOpenRefused(
        policy,
        Status.Code.FAILED_PRECONDITION,
        "tensor 0: weight [51] (expected: weight [50]), as run test-run began with",
        run.toBuilder().setTensors(0, Tensor.newBuilder().setName("weight").addShape(51)));
    assertOpenRefused(
        policy,
        Status.Code.FAILED_PRECONDITION,
        "initial_digest: other initial weights than run test-run began with"
            + " (expected: the same, or another run-id)",
        run.toBuilder().setInitialDigest(Policies.digest(new float[COUNT])));
    assertThat(learner.superseded).isZero();
  }
}
