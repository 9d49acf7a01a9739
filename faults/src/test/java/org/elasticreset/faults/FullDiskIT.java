package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The disk of the run's folder fills up. */
class FullDiskIT {
  private RunFiles files;
  private boolean mounted;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    files = RunFiles.write(Undisturbed.files().root().resolve("small-disk"));
    Files.createDirectories(files.runs());
    mounted = command("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", files.runs().toString());
    assumeTrue(mounted, "this user may not mount a tmpfs");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      command("umount", "-l", files.runs().toString());
    }
  }

  @Test
  void runOnAFullDiskStopsReadablyAndGoesOnOnceThereIsRoom() throws Exception {
    Outcome undisturbed = Undisturbed.outcome();
    try (FaultyRun run = FaultyRun.startOnBroker(files, "full-disk", Undisturbed.STEPS, Map.of())) {
      run.awaitStep(5);
      Path filler = files.runs().resolve("filler");
      fill(filler);

      assertThat(run.awaitEnd()).as(run.hint()).isNotZero();

      assertThat(run.said()).contains("No space left on device");
      Files.delete(filler);
      run.resume();
      assertThat(run.awaitEnd()).as(run.hint()).isZero();
      assertThat(Promises.broken(run, undisturbed)).isEmpty();
    }
  }

  private static void fill(Path filler) throws IOException {
    byte[] piece = new byte[64 << 10];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static boolean command(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(List.of(command)).inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
