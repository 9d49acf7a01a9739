package org.elasticreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.elasticreset.broker.LocalBrokerException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code elastic-reset run}: trains a policy through the whole pipeline on this machine. */
@Command(
    name = "run",
    description = "Align a language model on this machine: a broker, four services, a report.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "movie-sentiment",
      description = "Settings to start from: presets/NAME.yaml (default: ${DEFAULT-VALUE}).")
  private String preset = "movie-sentiment";

  @Option(names = "--config", paramLabel = "run.yaml", description = "Settings over the preset's.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "One setting by its dotted name, over those of the files. Repeatable.")
  private List<String> assignments = List.of();

  @Option(names = "--seed", paramLabel = "N", description = "Everything random derives from it.")
  private @Nullable Long seed;

  @Option(names = "--steps", paramLabel = "N", description = "Training steps.")
  private @Nullable Integer steps;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the run and its folder (default: the preset and a number).")
  private @Nullable String name;

  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  private Path runs = Path.of("runs");

  @Option(
      names = "--dry-run",
      description = "Check and print the resolved settings; start nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Installation installation = Installation.current();
    RunConfig settings =
        new RunConfigSources(preset, config, assignments, seed, steps, name).read(installation);
    Preflight.check(settings);
    RunDirectory.requireNew(runs, settings.name());
    if (dryRun) {
      System.out.print(SettingsText.yaml(settings));
      return 0;
    }
    ServicePlan.requireBuilt(installation);
    try (Interruption interruption = Interruption.ofCurrentThread()) {
      return run(installation, settings, interruption);
    }
  }

  private int run(Installation installation, RunConfig settings, Interruption interruption) {
    Terminal terminal = Terminal.current();
    RunDirectory directory =
        RunDirectory.create(runs.toAbsolutePath().normalize(), settings.name(), preset);
    terminal.line(
        "run " + directory.name() + ", seed " + settings.seed() + ": " + directory.path());
    terminal.line(InitialShare.sentence(settings));
    Instant started = Instant.now();
    String outcome = "finished";
    String message = "";
    try {
      new TrainingRun(installation, settings, directory, terminal).run();
    } catch (InterruptedException | RuntimeException e) {
      boolean interrupted = interruption.requestedSoon();
      outcome = interrupted ? "interrupted" : "failed";
      message = interrupted ? "" : describe(e, directory);
    }
    RunSummary summary =
        new RunSummary(directory.name(), preset, outcome, message, started, Instant.now());
    terminal.clearStatus();
    close(terminal, directory, summary);
    return switch (outcome) {
      case "finished" -> 0;
      case "interrupted" -> 130;
      default -> 1;
    };
  }

  /** One readable message; of what nobody foresaw, the stack goes to the launcher's log. */
  private static String describe(Exception e, RunDirectory directory) {
    if (e instanceof ServiceEnded || e instanceof LocalBrokerException) {
      return String.valueOf(e.getMessage());
    }
    StringWriter stack = new StringWriter();
    e.printStackTrace(new PrintWriter(stack));
    try {
      Files.writeString(directory.log("launcher"), stack.toString());
    } catch (IOException unwritable) {
      return stack.toString();
    }
    return "the launcher failed: " + e + "; the stack is in " + directory.log("launcher");
  }

  private static void close(Terminal terminal, RunDirectory directory, RunSummary summary) {
    summary.write(directory.summary());
    RecordedRun recorded = RecordedRun.read(directory);
    Report.write(recorded, directory.report());
    ClosingTable.lines(recorded).forEach(terminal::line);
    terminal.line(
        RunProgress.format(
            "%s after %s, resets: %d, report: %s",
            summary.outcome(),
            RunProgress.minutes(summary.wallTime()),
            recorded.events("reset").size(),
            directory.report()));
    if (!summary.message().isEmpty()) {
      System.err.println(summary.message());
    }
  }
}
