package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionFilesTest {

  private static final int COUNT = 50;

  private final float[] initial = Policies.random(COUNT, 0);
  private final Learner learner = () -> {};

  @TempDir Path directory;

  @Test
  void restartGoesOnFromTheNewestVersionAsIfNothingHadHappened() throws Exception {
    var before = begun();
    take(before, 1, Policies.random(COUNT, 1));

    var after = opened();

    assertThat(after.view().version()).isEqualTo(2);
    assertThat(after.view().newest().orElseThrow().version())
        .isEqualTo(before.view().newest().orElseThrow().version());
    assertThat(after.view().reset()).isEqualTo(before.view().reset());
    var answer = take(after, 2, Policies.random(COUNT, 2));
    assertThat(answer).isInstanceOf(WasReset.class);
    assertThat(Policies.floats(after.view().newest().orElseThrow().weights()))
        .isEqualTo(
            Policies.average(
                initial, List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2))));
  }

  @Test
  void averageAfterAResetStartsFromTheInitialWeightsAcrossARestart() throws Exception {
    var before = begun();
    take(before, 1, Policies.random(COUNT, 1));
    take(before, 2, Policies.random(COUNT, 2));

    var after = opened();

    assertThat(after.view().reset().resetEpoch()).isEqualTo(1);
    take(after, 3, Policies.random(COUNT, 3));
    take(after, 4, Policies.random(COUNT, 4));
    assertThat(Policies.floats(after.view().newest().orElseThrow().weights()))
        .isEqualTo(
            Policies.average(
                initial, List.of(Policies.random(COUNT, 3), Policies.random(COUNT, 4))));
  }

  @Test
  void unfinishedVersionIsIgnored() throws Exception {
    begun();
    var unfinished = Files.createDirectory(directory.resolve("version-00000002.unfinished"));
    Files.writeString(unfinished.resolve("policy.f32"), "half");

    var after = opened();
    assertThat(after.view().version()).isEqualTo(1);
    take(after, 1, Policies.random(COUNT, 1));

    assertThat(opened().view().version()).isEqualTo(2);
    try (var files = Files.list(directory)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("initial", "version-00000002");
    }
  }

  @Test
  void directoryOfAnotherRunIsRefused() throws Exception {
    begun();
    var run = directory.resolve("initial/run.txtpb");
    Files.writeString(run, Files.readString(run).replace("test-run", "other-run"));

    assertThatThrownBy(this::opened)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "ema.directory: %s holds run other-run (expected: run test-run, or an empty directory)",
            directory);
  }

  @Test
  void damagedWeightsAreRefused() throws Exception {
    begun();
    var policy = directory.resolve("version-00000001/policy.f32");
    var bytes = Files.readAllBytes(policy);
    bytes[3] ^= 1;
    Files.write(policy, bytes);

    assertThatThrownBy(this::opened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the weights are damaged");
  }

  @Test
  void versionThatCannotBeWrittenIsNotServedAndStopsTheRun() throws Exception {
    var policy = begun();
    var newest = policy.view();
    // Where the directory was, there is a file now.
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.createFile(directory);

    assertThatThrownBy(() -> take(policy, 1, initial))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
              assertThat(e.getStatus().getDescription())
                  .startsWith("version could not be written: ");
            });
    assertThat(policy.view()).isEqualTo(newest);
    assertThatThrownBy(() -> take(policy, 1, initial))
        .hasMessageContaining("version could not be written: ");
  }

  private AveragedPolicy begun() throws IOException {
    var policy = opened();
    take(policy, 0, initial);
    return policy;
  }

  private AveragedPolicy opened() throws IOException {
    var policy =
        Policies.averagedPolicy(
            new ResetTrigger.EveryNUpdates(2), Optional.of(new VersionFiles(directory)));
    policy.load();
    policy.open(learner, Policies.openRun(initial));
    return policy;
  }

  private UpdateAnswer take(AveragedPolicy policy, long step, float[] weights) {
    return policy.take(learner, Policies.upload(Policies.update(step, true), weights));
  }
}
