package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.elasticreset.proto.v1.Update;

/**
 * The learner's side of recovery, without sockets and threads. It trains every step anew with other
 * weights, keeps two checkpoints, and checks all that the ema-service promises it.
 */
final class SimulatedLearner implements Learner {

  private static final int COUNT = 5;

  /** A checkpoint: where the learner stood. */
  private record Point(
      long version, float[] weights, List<float[]> updates, boolean requestIsMet) {}

  private final float[] initial = Policies.random(COUNT, 0);
  private final int every;
  private final long lastStep;
  private final TreeMap<Long, Point> checkpoints = new TreeMap<>();
  private final Map<Long, ByteString> served = new HashMap<>();
  private long highest;
  private long highestEpoch;
  private long trained;
  int refusals;

  private AveragedPolicy policy;
  private long step;
  private float[] weights = initial;
  private List<float[]> updates = new ArrayList<>();
  private boolean requested;
  private boolean requestIsMet;

  SimulatedLearner(AveragedPolicy policy, int every, long lastStep) {
    this.policy = policy;
    this.every = every;
    this.lastStep = lastStep;
  }

  @Override
  public void superseded() {}

  /** Forgets what is in memory, and the newest checkpoint if it is damaged. */
  void restart(AveragedPolicy with, boolean damaged) {
    policy = with;
    if (damaged && checkpoints.size() > 1) {
      checkpoints.remove(checkpoints.lastKey());
    }
  }

  /** Whether the reset that an operator asked for is part of what was learnt. */
  boolean requestIsMet() {
    return requestIsMet;
  }

  /** Goes on from its newest checkpoint that the ema-service has a snapshot for, to the end. */
  void train() {
    observe();
    open();
    while (step < lastStep) {
      step++;
      weights = Policies.random(COUNT, 1000 * ++trained + step);
      if (step == 2 && !requested) {
        policy.operators().request(Policies.RUN, new ResetRequest("ada", ""));
        requested = true;
      }
      upload(step % every == 0 || step == lastStep);
    }
    var newest = policy.view().newest().orElseThrow();
    assertThat(newest.version().getStep()).isEqualTo(lastStep);
    assertThat(Policies.floats(newest.weights())).isEqualTo(weights);
  }

  private void open() {
    while (!checkpoints.isEmpty()) {
      step = checkpoints.lastKey();
      var point = checkpoints.get(step);
      try {
        var opened =
            policy.open(
                this,
                Policies.resume(initial, step, point.version, Policies.digest(point.weights)));
        assertThat(opened.getVersion()).isGreaterThanOrEqualTo(highest);
        assertThat(opened.getUpdatesSinceReset()).isEqualTo(point.updates.size());
        weights = point.weights;
        updates = new ArrayList<>(point.updates);
        requestIsMet = point.requestIsMet;
        observe();
        assertThat(served).containsEntry(opened.getVersion(), Policies.digest(weights));
        return;
      } catch (StatusRuntimeException e) {
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        checkpoints.remove(step);
        refusals++;
      }
    }
    step = 0;
    weights = initial;
    updates = new ArrayList<>();
    requestIsMet = false;
    assertThat(policy.open(this, Policies.openRun(initial)).getVersion()).isZero();
    upload(true);
  }

  private void upload(boolean checkpoint) {
    var header =
        Update.newBuilder().setStep(step).setPublish(true).setCheckpoint(checkpoint).build();
    var answer = policy.take(this, Policies.upload(header, weights));
    if (step > 0) {
      updates.add(weights);
    }
    if (answer instanceof WasReset reset) {
      weights = Policies.average(initial, updates);
      assertThat(Policies.floats(reset.adopted().weights())).isEqualTo(weights);
      updates = new ArrayList<>();
      requestIsMet |= reset.requested();
    }
    var version = answer.newest();
    assertThat(version.getVersion()).isGreaterThanOrEqualTo(highest);
    assertThat(version.getDigest()).isEqualTo(Policies.digest(weights));
    observe();
    assertThat(answer.held()).isEqualTo(checkpoint || answer instanceof WasReset);
    if (answer.held()) {
      checkpoints.put(
          step, new Point(version.getVersion(), weights, List.copyOf(updates), requestIsMet));
      while (checkpoints.size() > 2) {
        checkpoints.remove(checkpoints.firstKey());
      }
      Policies.release(policy, this, step, checkpoints.keySet().toArray(new Long[0]));
    }
    observe();
    assertThat(policy.view().version()).isEqualTo(version.getVersion());
  }

  /** What a worker sees: no number has two sets of weights, and neither it nor the epoch sinks. */
  private void observe() {
    for (var kept : policy.view().policies()) {
      var version = kept.version();
      var before = served.putIfAbsent(version.getVersion(), version.getDigest());
      assertThat(before == null || before.equals(version.getDigest()))
          .as("version %d is of one set of weights", version.getVersion())
          .isTrue();
      assertThat(Policies.digest(Policies.floats(kept.weights()))).isEqualTo(version.getDigest());
      if (version.getVersion() > highest) {
        assertThat(version.getResetEpoch()).isGreaterThanOrEqualTo(highestEpoch);
        highest = version.getVersion();
        highestEpoch = version.getResetEpoch();
      }
    }
  }
}
