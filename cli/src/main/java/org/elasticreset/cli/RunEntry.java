package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;

/** The ways into a life of a run: it begins, or it goes on from what its state holds. */
final class RunEntry {
  private RunEntry() {}

  /**
   * Begins a run in a directory that is its own and empty.
   *
   * @param preset that its settings come from
   * @return exit code of the launcher
   */
  static int begin(
      Surroundings surroundings,
      RunConfig settings,
      RunDirectory directory,
      String preset,
      Interruption interruption) {
    directory.createFolders();
    try (RunLock lock = RunLock.take(directory)) {
      Files.writeString(directory.config(), SettingsText.yaml(settings));
      RunInputs.note(settings, directory.inputs());
      RunSummary begun = RunSummary.begun(directory.name(), preset, Instant.now());
      return new RunLife(surroundings, settings, directory, begun).live(interruption);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Goes on with a run, with the settings and the files that it began with.
   *
   * @return exit code of the launcher
   * @throws InvalidInputException if it has finished, is under way or has lost what it goes on from
   */
  static int goOn(Surroundings surroundings, RunDirectory directory, Interruption interruption) {
    try {
      requireUnfinished(directory, RunSummary.read(directory.summary()));
      requireState(directory);
      ServicePlan.requireBuilt(surroundings.installation());
      try (RunLock lock = RunLock.take(directory)) {
        return resume(surroundings, directory, interruption);
      }
    } catch (InterruptedException e) {
      return 130;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int resume(
      Surroundings surroundings, RunDirectory directory, Interruption interruption)
      throws IOException, InterruptedException {
    // Read again: another launcher may have ended the run before this one had the lock.
    RunSummary summary = RunSummary.read(directory.summary());
    requireUnfinished(directory, summary);
    if (Files.exists(directory.metrics())) {
      summary = summary.killedAt(Files.getLastModifiedTime(directory.metrics()).toInstant());
    }
    int leftovers = Leftovers.end(directory.scratch());
    if (leftovers > 0) {
      surroundings
          .terminal()
          .line("ended " + leftovers + " services that a killed launcher had left");
    }
    directory.removeScratch();
    RunConfig settings = RunConfigSources.recorded(directory.config());
    RunInputs.requireUnchanged(directory.inputs());
    Preflight.check(settings);
    return new RunLife(surroundings, settings, directory, summary.resumedAt(Instant.now()))
        .live(interruption);
  }

  private static void requireUnfinished(RunDirectory directory, RunSummary summary) {
    if (summary.hasFinished()) {
      throw InvalidInputException.of(
          "RUN",
          directory.path(),
          "a run that has not ended; this one finished at "
              + summary.ended()
              + ", report: "
              + directory.report());
    }
    if (!summary.name().equals(directory.name())) {
      throw InvalidInputException.of(
          "RUN", directory.path(), "a folder of the name that the run has: " + summary.name());
    }
  }

  private static void requireState(RunDirectory directory) {
    if (!Files.isDirectory(directory.state()) || !Files.isRegularFile(directory.inputs())) {
      throw InvalidInputException.of(
          "RUN", directory.path(), "a run with its state; " + directory.state() + " is missing");
    }
  }
}
