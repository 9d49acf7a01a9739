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
import org.elasticreset.proto.v1.RunOpened;
import org.junit.jupiter.api.io.TempDir;

/** A run on a directory, and what its learner does. */
abstract class RunOnDisk {

  private static final int COUNT = 50;

  final float[] initial = weights(0);
  final Learner learner = () -> {};

  @TempDir Path directory;

  List<String> policyDirectories() throws Exception {
    try (var files = Files.list(directory)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("step-"))
          .toList();
    }
  }

  AveragedPolicy begun(ResetTrigger trigger) {
    var policy = Policies.averagedPolicy(trigger, directory);
    policy.open(learner, Policies.openRun(initial));
    checkpoint(policy, 0);
    return policy;
  }

  AveragedPolicy restarted(ResetTrigger trigger) throws Exception {
    var policy = Policies.averagedPolicy(trigger, directory);
    policy.load();
    return policy;
  }

  RunOpened resume(AveragedPolicy policy, long step, long version, float[] weights) {
    return policy.open(learner, Policies.resume(initial, step, version, digest(weights)));
  }

  UpdateAnswer take(AveragedPolicy policy, long step, float[] weights) {
    return policy.take(learner, Policies.upload(Policies.update(step, true), weights));
  }

  void hold(AveragedPolicy policy, long step) {
    policy.take(learner, Policies.upload(Policies.checkpoint(step), weights(step)));
  }

  void checkpoint(AveragedPolicy policy, long step) {
    hold(policy, step);
    policy.release(learner, Policies.release(step, 0L, 1L, 2L));
  }

  void damage(String file) throws Exception {
    var path = directory.resolve(file);
    var bytes = Files.readAllBytes(path);
    bytes[3] ^= 1;
    Files.write(path, bytes);
  }

  static float[] weights(long step) {
    return Policies.random(COUNT, step);
  }

  static ByteString digest(float[] weights) {
    return Policies.digest(weights);
  }

  static float[] served(AveragedPolicy policy) {
    return Policies.floats(policy.view().newest().orElseThrow().weights());
  }

  static void assertRefused(String reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getDescription()).isEqualTo(reason);
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
            });
  }
}
