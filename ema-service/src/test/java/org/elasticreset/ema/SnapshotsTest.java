package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk, and what becomes of a disk that is not as it was left. */
class SnapshotsTest {

  private static final int COUNT = 50;

  private final float[] initial = Policies.random(COUNT, 0);
  private final Learner learner = () -> {};

  @TempDir Path directory;

  @Test
  void everythingIsThereAndAllButWeightsAndJournalIsReadableForPeople() throws Exception {
    var policy = begun();
    checkpoint(policy, 1);
    policy.operators().request(Policies.RUN, new ResetRequest("ada", "it drifts"));

    try (var files = Files.walk(directory)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> directory.relativize(file)))
          .extracting(Path::toString)
          .containsExactlyInAnyOrder(
              "served.txtpb",
              "requested.txtpb",
              "audit.journal",
              "initial/run.txtpb",
              "initial/weights.f32",
              "step-00000000/average.txtpb",
              "step-00000000/average.f32",
              "step-00000000/policy.f32",
              "step-00000000/SHA256SUMS",
              "step-00000001/average.txtpb",
              "step-00000001/average.f32",
              "step-00000001/policy.f32",
              "step-00000001/SHA256SUMS");
    }
    assertThat(directory.resolve("served.txtpb"))
        .content()
        .contains("version: 2")
        .contains("step: 1");
    assertThat(directory.resolve("requested.txtpb")).content().contains("requested_by: \"ada\"");
  }

  @Test
  void whatADeadProcessHadBegunIsDeleted() throws Exception {
    begun();
    var unfinished = Files.createDirectory(directory.resolve("step-00000001.unfinished"));
    Files.writeString(unfinished.resolve("policy.f32"), "half");
    Files.writeString(directory.resolve("served.txtpb.unfinished"), "version: 9");

    assertThat(loaded().view().version()).isEqualTo(1);

    assertThat(unfinished).doesNotExist();
    assertThat(directory.resolve("served.txtpb.unfinished")).doesNotExist();
  }

  @Test
  void directoryOfAnotherRunIsRefused() throws Exception {
    begun();
    var run = directory.resolve("initial/run.txtpb");
    Files.writeString(run, Files.readString(run).replace("test-run", "other-run"));

    assertThatThrownBy(this::loaded)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "ema.directory: %s holds run other-run (expected: run test-run, or an empty directory)",
            directory);
  }

  @Test
  void directoryWithoutTheHighestVersionIsRefused() throws Exception {
    checkpoint(begun(), 1);
    Files.delete(directory.resolve("served.txtpb"));

    assertThatThrownBy(this::loaded)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "ema.directory: %s has no served.txtpb, but snapshots of steps [1, 0]"
                + " (expected: all that the ema-service wrote there)",
            directory);
  }

  @Test
  void directoryWithoutTheInitialPolicyIsRefused() throws Exception {
    begun();
    DurableFiles.delete(directory.resolve("initial"));

    assertThatThrownBy(this::loaded)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no initial, but snapshots of steps [0]");
  }

  @Test
  void highestVersionThatIsCutShortIsRefused() throws Exception {
    begun();
    var served = directory.resolve("served.txtpb");
    Files.writeString(served, Files.readString(served).substring(0, 30));

    assertThatThrownBy(this::loaded)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("served.txtpb: is cut short");
  }

  @Test
  void damagedInitialPolicyIsNotGoneOnFrom() throws Exception {
    begun();
    damage("initial/weights.f32");

    var after = loaded();

    assertThat(after.view().version()).as("workers are served").isEqualTo(1);
    assertThatThrownBy(
            () -> after.open(learner, Policies.resume(initial, 0, 1, Policies.digest(initial))))
        .hasMessageContaining("FAILED_PRECONDITION: resume behind step 0 is not possible: ")
        .hasMessageContaining("initial/weights.f32: the weights are damaged");
    // The learner can still begin again, as it was not trained yet.
    after.open(learner, Policies.openRun(initial));
    checkpoint(after, 0);
    assertThat(loaded().open(learner, Policies.resume(initial, 0, 2, Policies.digest(initial))))
        .extracting(opened -> opened.getVersion())
        .isEqualTo(2L);
  }

  @Test
  void directoryThatCannotBeWrittenIsSaidAndHidesNothing() throws Exception {
    var policy = begun();
    checkpoint(policy, 1);
    var newest = policy.view();
    // Where the directory was, there is a file now.
    var moved = directory.resolveSibling(directory.getFileName() + "-moved");
    Files.move(directory, moved);
    Files.createFile(directory);

    assertThatThrownBy(() -> hold(policy, 2))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
              assertThat(e.getStatus().getDescription())
                  .startsWith("update of step 2: the disk failed with ")
                  .contains(directory.toString());
            });
    assertThat(policy.view()).isEqualTo(newest);
    assertThatThrownBy(() -> hold(policy, 2))
        .hasMessageContaining("FAILED_PRECONDITION: update of step 2: the disk failed with ")
        .hasMessageEndingWith("(expected: open_run first)");
    Files.delete(directory);
    Files.move(moved, directory);
    policy.open(
        learner, Policies.resume(initial, 1, 2, Policies.digest(Policies.random(COUNT, 1))));
    assertThat(((WasReset) hold(policy, 2)).adopted().version().getDigest())
        .isEqualTo(
            Policies.digest(
                Policies.average(
                    initial, List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2)))));
  }

  @Test
  void resetThatWasAskedForHappensAcrossARestart() throws Exception {
    var before = begun();
    before.operators().request(Policies.RUN, new ResetRequest("ada", "it drifts"));

    var after = loaded();

    assertThat(after.status().getResetRequested()).isTrue();
    after.open(learner, Policies.resume(initial, 0, 1, Policies.digest(initial)));
    assertThat(hold(after, 1))
        .isInstanceOfSatisfying(
            WasReset.class, reset -> assertThat(reset.reason()).contains("ada"));
  }

  @Test
  void resetThatWasAskedForHappensAgainIfItIsGoneBackBehindAndNotIfItIsGoneOnFrom()
      throws Exception {
    var before = begun();
    before.operators().request(Policies.RUN, new ResetRequest("ada", ""));
    var reset = (WasReset) hold(before, 1);
    var average = reset.adopted().version().getDigest();

    var goneOn = loaded();
    goneOn.open(learner, Policies.resume(initial, 1, 2, average));
    assertThat(goneOn.status().getResetRequested()).isFalse();
    assertThat(directory.resolve("requested.txtpb")).doesNotExist();

    goneOn.operators().request(Policies.RUN, new ResetRequest("bob", ""));
    assertThat(hold(goneOn, 2)).isInstanceOf(WasReset.class);
    goneOn.open(learner, Policies.resume(initial, 1, 2, average));
    assertThat(goneOn.status().getResetRequested()).isTrue();
    assertThat(hold(goneOn, 2))
        .isInstanceOfSatisfying(
            WasReset.class, again -> assertThat(again.reason()).contains("bob"));
  }

  private AveragedPolicy begun() throws IOException {
    var policy = loaded();
    policy.open(learner, Policies.openRun(initial));
    checkpoint(policy, 0);
    return policy;
  }

  private AveragedPolicy loaded() throws IOException {
    var policy = Policies.averagedPolicy(new ResetTrigger.EveryNUpdates(2), directory);
    policy.load();
    return policy;
  }

  private UpdateAnswer hold(AveragedPolicy policy, long step) {
    return policy.take(
        learner, Policies.upload(Policies.checkpoint(step), Policies.random(COUNT, step)));
  }

  private void checkpoint(AveragedPolicy policy, long step) {
    hold(policy, step);
    policy.release(learner, Policies.release(step, 0L, 1L));
  }

  private void damage(String file) throws IOException {
    var path = directory.resolve(file);
    var bytes = Files.readAllBytes(path);
    bytes[3] ^= 1;
    Files.write(path, bytes);
  }
}
