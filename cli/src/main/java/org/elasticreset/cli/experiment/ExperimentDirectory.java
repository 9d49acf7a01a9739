package org.elasticreset.cli.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.cli.InvalidInputException;
import org.elasticreset.cli.PlannedRun;
import org.elasticreset.cli.RunDirectory;
import org.jspecify.annotations.Nullable;

/** Where an experiment keeps its runs, and what they say together. */
record ExperimentDirectory(Path path) {

  /** {@code runs/NAME}, after the file, unless the user says another. */
  static ExperimentDirectory of(Path experiment, @Nullable Path output) {
    String name = String.valueOf(experiment.getFileName()).replaceFirst("\\.ya?ml$", "");
    Path path = output == null ? Path.of("runs", name) : output;
    return new ExperimentDirectory(path.toAbsolutePath().normalize());
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  Path runs() {
    return path.resolve("runs");
  }

  Path run(String arm, long seed) {
    return runs().resolve(arm + "-" + seed);
  }

  /** The names of all run directories that there are. */
  List<String> existing() {
    if (!Files.isDirectory(runs())) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(runs())) {
      return paths
          .filter(Files::isDirectory)
          .map(run -> String.valueOf(run.getFileName()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path state(String run) {
    return new RunDirectory(runs().resolve(run)).state();
  }

  /** Of the broker that the runs share; nobody needs it once all of them have finished. */
  Path broker() {
    return path.resolve("state/broker");
  }

  Path brokerLog() {
    return path.resolve("logs/broker.log");
  }

  /** What the runs were planned from. */
  Path file() {
    return path.resolve("experiment.yaml");
  }

  Path output(String name) {
    return path.resolve(name);
  }

  /** Makes the folders, and keeps every other launcher out of them. */
  AutoCloseable lock() {
    try {
      Files.createDirectories(broker());
      Files.createDirectories(runs());
      Files.createDirectories(brokerLog().getParent());
    } catch (IOException e) {
      throw InvalidInputException.of(
          "--output", path, "a folder that can be written: " + e.getMessage());
    }
    return PlannedRun.lock(path.resolve("state"), path);
  }

  /** Removes the broker's topics, unless a run, of whatever arm, may still go on from them. */
  void removeBrokerIfDone() {
    if (existing().stream().anyMatch(run -> Files.exists(state(run)))) {
      return;
    }
    try (Stream<Path> paths = Files.walk(broker())) {
      for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
