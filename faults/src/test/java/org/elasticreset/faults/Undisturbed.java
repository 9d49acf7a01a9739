package org.elasticreset.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** The run that nothing befalls, once for each length, for all tests of this JVM. */
final class Undisturbed {
  private static final Path ROOT = Path.of("target", "runs");
  private static final Map<Integer, Outcome> OUTCOMES = new TreeMap<>();
  private static RunFiles files;

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

  static synchronized Outcome ofSteps(int steps) throws Exception {
    if (!OUTCOMES.containsKey(steps)) {
      try (FaultyRun run = FaultyRun.start(files(), "undisturbed-" + steps, steps)) {
        int exitCode = run.awaitEnd(Duration.ofMinutes(3));
        if (exitCode != 0) {
          throw new AssertionError("exit code " + exitCode + "; " + run.hint());
        }
        OUTCOMES.put(steps, Outcome.of(run.directory()));
      }
    }
    return OUTCOMES.get(steps);
  }
}
