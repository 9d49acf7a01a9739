package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Services of a launcher that was killed. They end by themselves within seconds (see {@link
 * ParentWatch}); but what they own, such as checkpoints, has one writer at a time, so a run goes on
 * only when they are gone.
 */
final class Leftovers {
  private static final String FILE = "pid";
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Leftovers() {}

  /** Leaves a note of a process in its directory. */
  static void note(Path directory, ProcessHandle process) throws IOException {
    Files.writeString(directory.resolve(FILE), process.pid() + " " + started(process) + "\n");
  }

  /**
   * Kills every process that a note in {@code scratch} names and that still runs.
   *
   * @return how many there were
   */
  static int end(Path scratch) throws InterruptedException {
    if (!Files.isDirectory(scratch)) {
      return 0;
    }
    List<ProcessHandle> alive;
    try (Stream<Path> directories = Files.list(scratch)) {
      alive = directories.map(path -> path.resolve(FILE)).flatMap(Leftovers::running).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (ProcessHandle process : alive) {
      process.destroyForcibly();
      awaitEnd(process);
    }
    return alive.size();
  }

  private static void awaitEnd(ProcessHandle process) throws InterruptedException {
    long begin = System.nanoTime();
    while (process.isAlive()) {
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      if (waited.compareTo(MOMENT) > 0 && !hasProgram(process)) {
        return;
      } else if (waited.compareTo(PATIENCE) > 0) {
        throw InvalidInputException.of(
            "RUN", "process " + process.pid() + " of it still runs", "one that can be ended");
      }
      Thread.sleep(20);
    }
  }

  /** One that has ended and that nobody has waited for is listed still, but has no program. */
  private static boolean hasProgram(ProcessHandle process) {
    return process.info().command().isPresent();
  }

  private static Stream<ProcessHandle> running(Path note) {
    try {
      String[] words = Files.readString(note).strip().split(" ");
      return ProcessHandle.of(Long.parseLong(words[0])).stream()
          .filter(process -> process.isAlive() && hasProgram(process))
          // Another process may have the number by now.
          .filter(process -> words.length == 2 && started(process).equals(words[1]));
    } catch (IOException | NumberFormatException e) {
      return Stream.empty(); // never started, or not noted whole
    }
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).map(String::valueOf).orElse("");
  }
}
