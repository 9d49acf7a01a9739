package org.elasticreset.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  @TempDir private Path root;
  private Path directory;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() {
    directory = root.resolve("checkpoints");
    checkpoints = new Checkpoints(directory);
  }

  @Test
  void directoryThatNobodyWroteToHasNoSteps() throws IOException {
    assertThat(checkpoints.steps()).isEmpty();
  }

  @Test
  void writtenCheckpointIsFoundWholeAndItsDigestsAreThoseOfSha256sum() throws Exception {
    checkpoints.write(12, unfinished -> Files.writeString(unfinished.resolve("weights"), "abc"));

    Path checkpoint = checkpoints.verified(12);

    assertThat(checkpoint.resolve("weights")).hasContent("abc");
    assertThat(checkpoint.resolve("SHA256SUMS"))
        .hasContent("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  weights\n");
  }

  @Test
  void stepsAreListedNewestFirstAndUnfinishedOnesAreNot() throws IOException {
    write(2);
    write(100_000_000);
    write(10);
    Files.createDirectories(directory.resolve("step-00000011.unfinished"));

    assertThat(checkpoints.steps()).containsExactly(100_000_000L, 10L, 2L);
  }

  @Test
  void writerThatFailsLeavesNothingAndWhatWasThereBefore() throws Exception {
    write(3);

    assertThatThrownBy(
            () ->
                checkpoints.write(
                    4,
                    unfinished -> {
                      Files.writeString(unfinished.resolve("weights"), "half");
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");

    assertThat(directory).isDirectoryNotContaining("glob:**step-00000004*");
    assertThat(checkpoints.verified(3)).exists();
  }

  /** The device takes no byte: what a full disk answers to every write. */
  @Test
  void fullDiskLeavesNothing() throws Exception {
    write(3);

    assertThatThrownBy(
            () ->
                checkpoints.write(
                    4,
                    unfinished -> {
                      Files.writeString(unfinished.resolve("small"), "fits");
                      try (var full =
                          FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
                        full.write(ByteBuffer.allocate(4096));
                      }
                    }))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");

    assertThat(checkpoints.steps()).containsExactly(3L);
    assertThat(directory).isDirectoryNotContaining("glob:**unfinished");
  }

  @Test
  void leftoverOfADeathIsOverwritten() throws Exception {
    Files.createDirectories(directory.resolve("step-00000005.unfinished"));
    Files.writeString(directory.resolve("step-00000005.unfinished").resolve("torn"), "x");

    write(5);

    assertThat(checkpoints.verified(5)).isDirectoryNotContaining("glob:**torn");
  }

  @Test
  void checkpointOfTheSameStepIsReplaced() throws Exception {
    write(5);
    checkpoints.write(5, unfinished -> Files.writeString(unfinished.resolve("weights"), "new"));

    assertThat(checkpoints.verified(5).resolve("weights")).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated", "edited", "missing", "added", "torn digests", "no digests"})
  void damageIsDetectedAndNamed(String damage) throws Exception {
    write(7);
    Path checkpoint = directory.resolve("step-00000007");
    Path weights = checkpoint.resolve("weights");
    Path digests = checkpoint.resolve("SHA256SUMS");
    switch (damage) {
      case "truncated" -> Files.writeString(weights, "abcd");
      case "edited" -> Files.writeString(weights, "abcdeg");
      case "missing" -> Files.delete(weights);
      case "added" -> Files.writeString(checkpoint.resolve("weights.bak"), "");
      case "torn digests" -> Files.writeString(digests, Files.readString(digests).substring(0, 70));
      default -> Files.delete(digests);
    }

    assertThatThrownBy(() -> checkpoints.verified(7))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("step-00000007");
  }

  @Test
  void absentCheckpointIsSaidWithThoseThatAreThere() throws IOException {
    write(1);

    assertThatThrownBy(() -> checkpoints.verified(9)).hasMessageContaining("(kept: [1])");
  }

  @Test
  void retentionKeepsByCountAndAgeButAlwaysTheNewestTwo() throws IOException {
    for (long step = 1; step <= 6; step++) {
      write(step);
      age(step, Duration.ofHours(10 - step));
    }

    assertThat(checkpoints.kept(new Retention(4, Duration.ofMinutes(390)), NOW))
        .containsExactly(6L, 5L, 4L);
    assertThat(checkpoints.kept(new Retention(4, Duration.ofSeconds(1)), NOW))
        .as("a clock that jumped")
        .containsExactly(6L, 5L);
  }

  @Test
  void chosenCheckpointsAreDeleted() throws IOException {
    write(1);
    write(2);

    checkpoints.deleteIf(step -> step > 1);

    assertThat(checkpoints.steps()).containsExactly(1L);
  }

  @Test
  void retentionOfLessThanTwoIsRefused() {
    assertThatThrownBy(() -> new Retention(1, Duration.ofDays(1)))
        .hasMessage("count of checkpoints to keep: 1 (expected: at least 2)");
    assertThatThrownBy(() -> new Retention(2, Duration.ZERO)).hasMessageContaining("above 0");
  }

  private void write(long step) throws IOException {
    checkpoints.write(step, to -> Files.writeString(to.resolve("weights"), "abcdef"));
  }

  private void age(long step, Duration age) throws IOException {
    Files.setLastModifiedTime(
        directory.resolve("step-%08d".formatted(step)), FileTime.from(NOW.minus(age)));
  }
}
