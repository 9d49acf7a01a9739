package org.elasticreset.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody at a shell who looks after a run.
 *
 * @param name what is given as {@code --by}
 */
record Person(String name, FaultyRun run) {
  /** Of a command: its exit code, and all that it printed. */
  record Answer(int exitCode, String text) {}

  /** Types {@code operate RUN action}. */
  Answer operate(String action) throws InterruptedException {
    return type("operate", action, "--by", name, "--reason", "word of " + name);
  }

  /** Types {@code audit RUN}. */
  Answer audit() throws InterruptedException {
    return type("audit");
  }

  private Answer type(String command, String... more) throws InterruptedException {
    List<String> words = new ArrayList<>(Java.launcher());
    words.addAll(List.of(command, run.directory().toString()));
    words.addAll(List.of(more));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String text =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Answer(process.waitFor(), text);
    } catch (IOException e) {
      throw new FaultyRunException(command + " could not be typed", e);
    }
  }
}
