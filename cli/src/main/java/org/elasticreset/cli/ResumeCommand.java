package org.elasticreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (Interruption interruption = Interruption.ofCurrentThread()) {
      return RunEntry.goOn(Surroundings.ofOneRun(installation), directory, interruption);
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
}
