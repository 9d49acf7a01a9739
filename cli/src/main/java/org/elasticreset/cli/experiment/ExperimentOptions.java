package org.elasticreset.cli.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.cli.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code compare} and {@code sweep} are told alike. */
final class ExperimentOptions {
  @Parameters(
      paramLabel = "experiment.yaml",
      description = "Settings as in a run file, and seeds, arms, baseline or sweep beside them.")
  private Path file = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder of the experiment (default: runs/, and the name of the file).")
  private @Nullable Path output;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "auto",
      description = "Runs side by side, or auto: as many as cores and memory allow.")
  private String parallel = "auto";

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description = "These in the place of the file's.")
  private List<Long> seeds = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "One setting over those that the runs share. Repeatable.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Check every run and print what would run; start nothing.")
  private boolean dryRun;

  Path file() {
    return file;
  }

  String parallel() {
    return parallel;
  }

  List<Long> seeds() {
    return seeds;
  }

  List<String> assignments() {
    return assignments;
  }

  boolean dryRun() {
    return dryRun;
  }

  ExperimentDirectory directory() {
    ExperimentDirectory directory = ExperimentDirectory.of(file, output);
    if (directory.path().equals(file.toAbsolutePath().normalize())) {
      throw InvalidInputException.of("--output", directory.path(), "a folder, not the experiment");
    }
    return directory;
  }

  /** The command that goes on with the experiment. */
  String again(String command) {
    StringBuilder words = new StringBuilder("./elastic-reset " + command + " " + file);
    if (output != null) {
      words.append(" --output ").append(output);
    }
    assignments.forEach(assignment -> words.append(" --set ").append(assignment));
    if (!seeds.isEmpty()) {
      words.append(" --seeds ").append(seeds.toString().replaceAll("[\\[\\] ]", ""));
    }
    return words.toString();
  }
}
