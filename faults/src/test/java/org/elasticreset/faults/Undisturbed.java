package org.elasticreset.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The run that nothing befalls, once for all tests of this JVM. */
final class Undisturbed {
  /** Enough for a dozen faults, with a few steps after each. */
  static final int STEPS = 60;

  private static final Path ROOT =
      Path.of("target", "runs-of-fork-" + System.getProperty("elastic-reset.test-fork", "1"));
  private static RunFiles files;
  private static Outcome outcome;

  private Undisturbed() {}

  /** What all runs read, and where they are kept for whoever looks for the cause of a failure. */
  static synchronized RunFiles files() {
    if (files == null) {
      try {
        if (Files.exists(ROOT)) {
          try (var old = Files.walk(ROOT)) {
            for (Path path : old.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(path);
            }
          }
        }
        files = RunFiles.write(ROOT);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  static synchronized Outcome outcome() throws Exception {
    if (outcome == null) {
      try (FaultyRun run = FaultyRun.start(files(), "undisturbed", STEPS)) {
        int exitCode = run.awaitEnd();
        if (exitCode != 0) {
          throw new AssertionError("exit code " + exitCode + "; " + run.hint());
        }
        outcome = Outcome.of(run.directory());
      }
    }
    return outcome;
  }
}
