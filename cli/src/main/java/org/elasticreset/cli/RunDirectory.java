package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.elasticreset.checkpoint.DurableFiles;
import org.jspecify.annotations.Nullable;

/** Where one run keeps what it leaves behind. */
public record RunDirectory(Path path) {

  /**
   * Makes the directory of a new run: {@code runs/name}, or the first free {@code runs/preset-n}.
   *
   * @throws InvalidInputException if a directory of this name exists
   */
  static RunDirectory create(Path runs, @Nullable String name, String preset) {
    try {
      Files.createDirectories(runs);
      if (name != null) {
        return new RunDirectory(Files.createDirectory(runs.resolve(name)));
      }
      for (int number = 1; ; number++) {
        Path path = runs.resolve(preset + "-" + number);
        if (!Files.exists(path)) {
          return new RunDirectory(Files.createDirectory(path));
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw taken(String.valueOf(name), e.getFile());
    } catch (IOException e) {
      throw InvalidInputException.of(
          "--runs", runs, "a folder that can be written: " + e.getMessage());
    }
  }

  /**
   * Fails if a run of this name was made before.
   *
   * @throws InvalidInputException naming its directory
   */
  static void requireNew(Path runs, @Nullable String name) {
    if (name != null && Files.exists(runs.resolve(name))) {
      throw taken(name, runs.resolve(name).toString());
    }
  }

  private static InvalidInputException taken(String name, String directory) {
    return InvalidInputException.of(
        "name", name, "a new run; " + directory + " exists, choose another --name");
  }

  /**
   * A run by its directory, or by its name.
   *
   * @param hint what is added to the answer to one that is not there
   * @throws InvalidInputException if there is no such run
   */
  static RunDirectory find(Path run, Path runs, Supplier<String> hint) {
    for (Path candidate : new Path[] {run, runs.resolve(run)}) {
      RunDirectory directory = new RunDirectory(candidate.toAbsolutePath().normalize());
      if (Files.isRegularFile(directory.config()) && Files.isRegularFile(directory.summary())) {
        return directory;
      }
    }
    throw InvalidInputException.of(
        "RUN", run, "the directory of a run, or its name under " + runs + hint.get());
  }

  /** Name of the run, which is also its id on every topic. */
  public String name() {
    return path.getFileName().toString();
  }

  /** Every setting, resolved. */
  public Path config() {
    return path.resolve("config.yaml");
  }

  /** How the run went. */
  public Path summary() {
    return path.resolve("run.json");
  }

  /** A line for each step, evaluation and reset. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** Who did what about the run. */
  Path audit() {
    return path.resolve("audit.jsonl");
  }

  /** Where the ema-service of a run that is under way listens: {@code host:port}. */
  Path emaServiceAddress() {
    return scratch().resolve("ema-service.address");
  }

  /** What people said and what became of it, where people were asked. */
  Path ratings() {
    return path.resolve("ratings.jsonl");
  }

  /** What people preferred, with its texts, where people were asked. */
  Path preferences() {
    return path.resolve("preferences.jsonl");
  }

  Path samples() {
    return path.resolve("samples.jsonl");
  }

  /** For people. */
  public Path report() {
    return path.resolve("report.html");
  }

  Path policy() {
    return path.resolve("policy");
  }

  /** Log of a process of the run. */
  public Path log(String process) {
    return path.resolve("logs").resolve(process + ".log");
  }

  /** Batches of updates that were not finite, for inspection. */
  Path discardedBatches() {
    return path.resolve("discarded-batches");
  }

  /** What processes need while they live; removed whenever the launcher ends. */
  Path scratch() {
    return path.resolve("scratch");
  }

  /** What the run goes on from, whoever was killed; removed once it has ended well. */
  public Path state() {
    return path.resolve("state");
  }

  /**
   * Of the run's own broker; of an experiment's run, a link to that of the broker that it shares.
   */
  Path kafka() {
    Path own = state().resolve("kafka");
    try {
      // Java 17 makes no directories where a link to one is.
      return Files.isSymbolicLink(own) ? own.toRealPath() : own;
    } catch (IOException e) {
      throw new UncheckedIOException(own + " leads to no directory of a broker", e);
    }
  }

  /** Of the learner-service. */
  Path checkpoints() {
    return state().resolve("checkpoints");
  }

  /** Snapshots of the ema-service. */
  Path averages() {
    return state().resolve("averages");
  }

  /** Of the second player's learner-service, where there is one. */
  Path receiverCheckpoints() {
    return state().resolve("receiver-checkpoints");
  }

  /** Snapshots of the second player's ema-service. */
  Path receiverAverages() {
    return state().resolve("receiver-averages");
  }

  /** The second player as the run leaves it. */
  Path receiverPolicy() {
    return path.resolve("receiver-policy");
  }

  /** Of a run that has ended: its last policy and average, and the digests of its inputs. */
  Path versions() {
    return path.resolve("versions");
  }

  /** The same of the second player, where there is one; the inputs are those of the run. */
  Path receiverVersions() {
    return path.resolve("receiver-versions");
  }

  /** Digests of the files that the run learns from. */
  Path inputs() {
    return state().resolve("inputs.sha256");
  }

  /** Versions of the reward model that learns from people, where there is one. */
  Path rewardModels() {
    return path.resolve("reward-models");
  }

  /** Digests of the keys of people who rate. */
  Path raterKeys() {
    return state().resolve("raters.keys");
  }

  /** The keys themselves, for nobody but whoever started the run. */
  Path raterSecrets() {
    return state().resolve("raters.secret");
  }

  void createFolders() {
    try {
      Files.createDirectories(path.resolve("logs"));
      Files.createDirectories(scratch());
      Files.createDirectories(state());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void removeScratch() {
    removeTree(scratch());
  }

  /**
   * Removes what a run goes on from; its newest snapshot, which can be exported, stays. Before
   * that, what the run leaves is on the disk: nothing could be made again.
   */
  void removeState() {
    RunVersions.keepNewest(this);
    try (Stream<Path> left = Files.list(path)) {
      for (Path each : left.filter(each -> !each.equals(state())).toList()) {
        DurableFiles.forceAll(each);
      }
      DurableFiles.force(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    removeTree(state());
  }

  static void removeTree(Path tree) {
    if (!Files.exists(tree)) {
      return;
    }
    try (var paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
