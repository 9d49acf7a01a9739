package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.OpenRun;
import org.junit.jupiter.api.io.TempDir;

/** The state of a run, and its learner. */
abstract class StateOfARun {

  static final int COUNT = 50;

  final float[] initial = Policies.random(COUNT, 0);
  final CountingLearner learner = new CountingLearner();

  @TempDir Path directory;

  AveragedPolicy begun(ResetTrigger trigger) {
    return begun(new ElasticReset(trigger));
  }

  AveragedPolicy begun(ElasticReset elasticReset) {
    var policy = Policies.averagedPolicy(elasticReset, directory, new Snapshots(directory));
    policy.open(learner, Policies.openRun(initial));
    policy.take(learner, Policies.upload(Policies.checkpoint(0), initial));
    policy.release(learner, Policies.release(0));
    return policy;
  }

  UpdateAnswer take(AveragedPolicy policy, long step, boolean publish, float[] weights) {
    return policy.take(learner, Policies.upload(Policies.update(step, publish), weights));
  }

  ByteString digest() {
    return Policies.digest(initial);
  }

  static float[] served(AveragedPolicy policy) {
    return Policies.floats(policy.view().newest().orElseThrow().weights());
  }

  static void assertOpenRefused(
      AveragedPolicy policy, Status.Code code, String reason, OpenRun.Builder run) {
    assertRefused(code, reason, () -> policy.open(new CountingLearner(), run.build()));
  }

  static void assertRefused(Status.Code code, String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getDescription()).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(code);
            });
  }

  static final class CountingLearner implements Learner {

    int superseded;

    @Override
    public void superseded() {
      superseded++;
    }
  }
}
