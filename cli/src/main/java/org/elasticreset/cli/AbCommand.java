package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset ab}: two policies on live traffic, until a verdict. */
@Command(
    name = "ab",
    description = "Compare two policies on live traffic, in stages, until the verdict.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AbCommand implements Callable<Integer> {
  private static final int UNDECIDED = 3;

  @Parameters(
      paramLabel = "ab.yaml",
      description = "What is compared, and how; started again, the experiment goes on.")
  private Path file = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "One setting by its dotted name, over those of the file. Repeatable.")
  private List<String> assignments = List.of();

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() throws Exception {
    Installation installation = Installation.current();
    AbSettings settings = AbSettings.read(file, assignments, NamedModels.ofEnvironment());
    AbPreflight.check(settings);
    ServicePlan.requireBuilt(installation);
    RunDirectory directory = directory(settings);
    try (Interruption interruption = Interruption.ofCurrentThread();
        RunLock lock = RunLock.take(directory)) {
      requireUnchanged(directory, settings);
      return runUntilStopped(new AbRun(installation, settings, directory));
    } catch (IllegalArgumentException e) {
      // A file of requests or outcomes that is not what it should be; the message names it.
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }

  /** The JVM waits for the interruption to be closed: what is said behind that may be lost. */
  private static int runUntilStopped(AbRun run) {
    try {
      return run.run().verdict().equals("undecided") ? UNDECIDED : 0;
    } catch (InterruptedException e) {
      System.out.println("interrupted; the same command goes on with it");
      return 130;
    }
  }

  private RunDirectory directory(AbSettings settings) {
    RunDirectory directory =
        new RunDirectory(runs.folder().toAbsolutePath().normalize().resolve(settings.name()));
    if (Files.exists(directory.summary())) {
      throw InvalidInputException.of("name", settings.name(), "a name that no run has");
    }
    directory.createFolders();
    return directory;
  }

  /** A plan that is changed while one looks at the data promises nothing. */
  private static void requireUnchanged(RunDirectory directory, AbSettings settings) {
    Path plan = directory.path().resolve("plan.txt");
    try {
      if (!Files.exists(plan)) {
        Files.writeString(plan, settings.fixedPart());
      } else if (!Files.readString(plan).equals(settings.fixedPart())) {
        throw InvalidInputException.of(
            "name",
            settings.name(),
            "settings as the experiment began with, which are in " + plan + ", or another name");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
