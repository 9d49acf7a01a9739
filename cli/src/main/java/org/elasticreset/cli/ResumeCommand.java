package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset resume}: goes on with a run that was interrupted, killed or failed. */
@Command(
    name = "resume",
    description = "Go on with a run that was interrupted, killed or failed.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Directory of the run, or its name under --runs.")
  private Path run = Path.of("");

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    Installation installation = Installation.current();
    RunDirectory directory = RunDirectory.find(run, runs.folder(), this::known);
    try {
      requireUnfinished(directory, RunSummary.read(directory.summary()));
      requireState(directory);
      ServicePlan.requireBuilt(installation);
      try (Interruption interruption = Interruption.ofCurrentThread();
          RunLock lock = RunLock.take(directory)) {
        return resume(installation, directory, interruption);
      }
    } catch (InterruptedException e) {
      return 130;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String known() {
    try (Stream<Path> paths = Files.list(runs.folder())) {
      String names =
          paths
              .filter(path -> Files.isDirectory(new RunDirectory(path).state()))
              .map(path -> path.getFileName().toString())
              .sorted()
              .collect(Collectors.joining(", "));
      return names.isEmpty() ? "; no run there can go on" : "; these can go on: " + names;
    } catch (IOException e) {
      return "";
    }
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

  private static int resume(
      Installation installation, RunDirectory directory, Interruption interruption)
      throws IOException, InterruptedException {
    // Read again: another launcher may have ended the run before this one had the lock.
    RunSummary summary = RunSummary.read(directory.summary());
    requireUnfinished(directory, summary);
    if (Files.exists(directory.metrics())) {
      summary = summary.killedAt(Files.getLastModifiedTime(directory.metrics()).toInstant());
    }
    Terminal terminal = Terminal.current();
    int leftovers = Leftovers.end(directory.scratch());
    if (leftovers > 0) {
      terminal.line("ended " + leftovers + " services that a killed launcher had left");
    }
    directory.removeScratch();
    RunConfig settings = RunConfigSources.recorded(directory.config());
    RunInputs.requireUnchanged(directory.inputs());
    Preflight.check(settings);
    return new RunLife(
            installation, settings, directory, summary.resumedAt(Instant.now()), terminal)
        .live(interruption);
  }
}
