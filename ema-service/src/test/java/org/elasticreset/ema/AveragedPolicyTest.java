package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.Continued;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.Update;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AveragedPolicyTest {

  private static final int COUNT = 50;

  private final float[] initial = Policies.random(COUNT, 0);
  private final CountingLearner learner = new CountingLearner();

  @TempDir Path directory;

  @Test
  void initialPolicyBecomesVersionOneAndNoUpdate() {
    var policy = begun(new ResetTrigger.EveryNUpdates(1));

    assertThat(policy.view().version()).isEqualTo(1);
    assertThat(policy.view().reset().updates()).isZero();
    var served = policy.view().newest().orElseThrow();
    assertThat(served.version().getDigest()).isEqualTo(Policies.digest(initial));
    assertThat(Policies.floats(served.weights())).isEqualTo(initial);
  }

  @Test
  void resetPublishesTheAverageAndStartsItAgainFromTheInitialWeights() {
    var policy = begun(new ResetTrigger.EveryNUpdates(3));
    for (int round = 0; round < 3; round++) {
      var updates = new ArrayList<float[]>();
      for (int n = 1; n <= 3; n++) {
        updates.add(Policies.random(COUNT, 10 * round + n));
        var answer = take(policy, 3 * round + n, true, updates.get(n - 1));

        if (n < 3) {
          assertThat(answer).isInstanceOf(Continued.class);
          assertThat(served(policy)).isEqualTo(updates.get(n - 1));
        } else {
          assertThat(answer)
              .isInstanceOfSatisfying(
                  WasReset.class,
                  reset -> {
                    assertThat(reset.reason()).isEqualTo("3 updates since the last reset");
                    assertThat(reset.requested()).isFalse();
                    assertThat(reset.held()).isTrue();
                  });
          policy.release(learner, Policies.release(3 * round + 3));
          assertThat(served(policy)).isEqualTo(Policies.average(initial, updates));
        }
      }
      assertThat(policy.view().reset().resetEpoch()).isEqualTo(round + 1);
      assertThat(policy.view().version()).isEqualTo(3 * round + 4);
      assertThat(policy.status().getInitialShare()).isEqualTo(1);
    }
  }

  @Test
  void updatesWithinAStepEnterTheAverageAndPublishNothing() {
    var policy = begun(new ResetTrigger.EveryNUpdates(2));
    var updates =
        List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2), Policies.random(COUNT, 3));

    take(policy, 1, false, updates.get(0));
    var within = take(policy, 1, false, updates.get(1));
    var last = take(policy, 1, true, updates.get(2));
    policy.release(learner, Policies.release(1));

    assertThat(within)
        .isEqualTo(new Continued(policy.view().policies().get(1).version(), false, false));
    assertThat(last).isInstanceOf(WasReset.class);
    assertThat(policy.view().version()).isEqualTo(2);
    assertThat(served(policy)).isEqualTo(Policies.average(initial, updates));
  }

  @Test
  void operatorsRequestResetsAfterTheNextPublishedUpdate() {
    var policy = begun(new ResetTrigger.OnRequest());
    assertThat(take(policy, 1, true, Policies.random(COUNT, 1))).isInstanceOf(Continued.class);

    policy.request(Policies.RUN, new ResetRequest("ada", "it drifts"));
    assertThat(policy.status().getResetRequested()).isTrue();
    var answer = take(policy, 2, true, Policies.random(COUNT, 2));

    assertThat(answer)
        .isInstanceOfSatisfying(
            WasReset.class,
            reset -> {
              assertThat(reset.reason()).contains("ada").contains("it drifts");
              assertThat(reset.requested()).isTrue();
            });
    assertThat(policy.status().getResetRequested()).isFalse();
  }

  @Test
  void driftBeyondTheBudgetResets() {
    var policy = begun(new ResetTrigger.DriftBudget(2));
    var header = Policies.update(1, true).toBuilder();

    var within =
        policy.take(learner, Policies.upload(header.setKlToInitialNats(1.9).build(), initial));
    var beyond =
        policy.take(
            learner, Policies.upload(header.setStep(2).setKlToInitialNats(2.1).build(), initial));

    assertThat(within).isInstanceOf(Continued.class);
    assertThat(beyond).isInstanceOf(WasReset.class);
  }

  @Test
  void onlyTheNewestVersionsAreKept() {
    var policy = begun(new ResetTrigger.OnRequest());
    for (int step = 1; step <= 4; step++) {
      take(policy, step, true, Policies.random(COUNT, step));
    }

    assertThat(policy.view().policies())
        .extracting(kept -> kept.version().getVersion())
        .containsExactly(5L, 4L);
  }

  @Test
  void newerLearnerSupersedesTheOlder() {
    var policy = begun(new ResetTrigger.OnRequest());
    var newer = new CountingLearner();

    var opened = policy.open(newer, Policies.resume(initial, 0, 1, Policies.digest(initial)));

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

  private AveragedPolicy begun(ResetTrigger trigger) {
    var policy = Policies.averagedPolicy(trigger, directory);
    policy.open(learner, Policies.openRun(initial));
    take(policy, 0, true, initial);
    return policy;
  }

  private UpdateAnswer take(AveragedPolicy policy, long step, boolean publish, float[] weights) {
    return policy.take(learner, Policies.upload(Policies.update(step, publish), weights));
  }

  private static float[] served(AveragedPolicy policy) {
    return Policies.floats(policy.view().newest().orElseThrow().weights());
  }

  private static void assertOpenRefused(
      AveragedPolicy policy, Status.Code code, String reason, OpenRun.Builder run) {
    assertRefused(code, reason, () -> policy.open(new CountingLearner(), run.build()));
  }

  private static void assertRefused(Status.Code code, String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getDescription()).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(code);
            });
  }

  private static final class CountingLearner implements Learner {

    private int superseded;

    @Override
    public void superseded() {
      superseded++;
    }
  }
}
