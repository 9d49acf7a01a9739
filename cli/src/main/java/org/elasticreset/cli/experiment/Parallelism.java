package org.elasticreset.cli.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import org.elasticreset.cli.InvalidInputException;
import org.elasticreset.cli.RunNeeds;

/**
 * How many runs go side by side.
 *
 * @param runs at least 1
 * @param why in words
 */
record Parallelism(int runs, String why) {
  private static final Path MEMORY = Path.of("/proc/meminfo");

  /**
   * What the user says, or what the machine allows.
   *
   * @param wanted {@code auto}, or a number
   */
  static Parallelism of(String wanted, RunNeeds run) {
    if (wanted.equals("auto")) {
      return auto(run, Runtime.getRuntime().availableProcessors(), freeMebibytes());
    }
    if (!wanted.matches("[1-9]\\d{0,2}")) {
      throw InvalidInputException.of("--parallel", wanted, "auto, or a number of runs from 1");
    }
    int runs = Integer.parseInt(wanted);
    return new Parallelism(runs, sideBySide(runs) + ", as --parallel says");
  }

  /** As many as have cores of their own, and fit into the memory that is free. */
  static Parallelism auto(RunNeeds run, int cores, OptionalLong freeMebibytes) {
    long byCores = Math.max(1, cores / run.cores());
    long byMemory = Math.max(1, freeMebibytes.orElse(Long.MAX_VALUE) / run.mebibytes());
    int runs = (int) Math.min(byCores, byMemory);
    String memory =
        freeMebibytes.isPresent()
            ? String.format(
                Locale.ROOT,
                "; %.1f GiB are free, and it takes about %.1f",
                freeMebibytes.getAsLong() / 1024.0,
                run.mebibytes() / 1024.0)
            : "";
    return new Parallelism(
        runs,
        sideBySide(runs)
            + ": a run uses "
            + run.cores()
            + " cores at a time, of "
            + cores
            + memory
            + (byMemory < byCores ? ", which is the limit" : ""));
  }

  private static String sideBySide(int runs) {
    return runs == 1 ? "one run after another" : runs + " runs side by side";
  }

  private static OptionalLong freeMebibytes() {
    try {
      return Files.readAllLines(MEMORY).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty(); // not Linux: cores decide alone
    }
  }
}
