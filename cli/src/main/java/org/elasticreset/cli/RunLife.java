package org.elasticreset.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.elasticreset.broker.LocalBrokerException;
import org.elasticreset.cli.tracking.Tracking;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.RunEnded;
import org.jspecify.annotations.Nullable;

/**
 * One life of the launcher of a run: from the lock that it holds to the report that it leaves. A
 * run has more of them if it was interrupted and resumed.
 */
final class RunLife {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Surroundings surroundings;
  private final RunConfig config;
  private final RunDirectory directory;
  private final Terminal terminal;
  private RunSummary summary;

  /** A life of the run that {@code summary} tells of so far. */
  RunLife(Surroundings surroundings, RunConfig config, RunDirectory directory, RunSummary summary) {
    this.surroundings = surroundings;
    this.config = config;
    this.directory = directory;
    this.summary = summary;
    this.terminal = surroundings.terminal();
  }

  /**
   * Runs to the end, and says how it ended.
   *
   * @return exit code of the launcher
   */
  int live(Interruption interruption) {
    summary.write(directory.summary());
    terminal.line("run " + directory.name() + ", seed " + config.seed() + ": " + directory.path());
    terminal.line(InitialShare.sentence(config));
    note(Files.exists(directory.audit()) ? "run-gone-on" : "run-begun", "");
    long begin = System.nanoTime();
    String outcome = RunSummary.FINISHED;
    String message = "";
    Accounting accounting = null;
    Tracking tracking = RunTracking.open(config, directory, summary, terminal::problem);
    try {
      LocalRun run = new LocalRun(surroundings, config, directory, this::noteRestart, tracking);
      accounting = accounting(run.run());
    } catch (InterruptedException | RuntimeException e) {
      boolean interrupted = interruption.requestedSoon();
      outcome = interrupted ? RunSummary.INTERRUPTED : RunSummary.FAILED;
      message = interrupted ? "" : describe(e);
    }
    Duration life = Duration.ofNanos(System.nanoTime() - begin);
    summary = summary.endedAt(Instant.now(), life, outcome, message, accounting);
    terminal.clearStatus();
    note("run-" + outcome, message);
    tell();
    close();
    RunTracking.end(tracking, directory, summary, terminal);
    return switch (outcome) {
      case RunSummary.FINISHED -> 0;
      case RunSummary.INTERRUPTED -> 130;
      default -> 1;
    };
  }

  /** Nothing of the run is lost where its trail cannot be written. */
  private void note(String action, String why) {
    try (AuditTrail trail = AuditTrail.open(directory)) {
      trail.note(action, "", why);
    } catch (UncheckedIOException e) {
      terminal.problem(directory.audit() + " could not be written: " + e.getCause());
    }
  }

  /** Where the broker outlives the run, it is told the end of it, too. */
  private void tell() {
    RunTopic.outliving(config, directory.name(), PATIENCE)
        .flatMap(topic -> topic.tell(AuditTrail.read(directory.audit())))
        .ifPresent(why -> terminal.problem("the end of the run was not told: " + why));
  }

  private void noteRestart(String service) {
    summary = summary.restarted(service);
    summary.write(directory.summary());
  }

  private static @Nullable Accounting accounting(RunEnded end) {
    return end.hasAccounting() ? end.getAccounting() : null;
  }

  /** One readable message; of what nobody foresaw, the stack goes to the launcher's log. */
  private String describe(Exception e) {
    if (e instanceof ServiceEnded
        || e instanceof LocalBrokerException
        || e instanceof InvalidInputException) {
      return String.valueOf(e.getMessage());
    } else if (e instanceof UncheckedIOException io) {
      return "the launcher could not read or write: " + io.getCause();
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

  private void close() {
    try {
      summary.write(directory.summary());
      report();
    } catch (UncheckedIOException e) {
      terminal.problem("the end of the run could not be written: " + e.getCause());
      terminal.problem(summary.message());
      terminal.problem("once that is mended, " + howToGoOn());
      return;
    }
    if (summary.hasFinished()) {
      directory.removeState();
    } else if (summary.message().isEmpty()) {
      terminal.line(howToGoOn());
    } else {
      terminal.problem(summary.message());
      terminal.problem("once that is mended, " + howToGoOn());
    }
  }

  private void report() {
    RecordedRun recorded = RecordedRun.read(directory);
    Report.write(recorded, directory.report());
    ClosingTable.lines(recorded).forEach(terminal::line);
    if (summary.accounting() != null) {
      terminal.line(AccountingText.line(summary.accounting()));
    }
    terminal.line(
        RunProgress.format(
            "%s after %s, resets: %d, report: %s",
            summary.outcome(),
            RunProgress.minutes(summary.wallTime()),
            recorded.events("reset").size(),
            directory.report()));
  }

  private String howToGoOn() {
    Path here = Path.of("").toAbsolutePath();
    Path run = directory.path();
    String resume = "./elastic-reset resume " + (run.startsWith(here) ? here.relativize(run) : run);
    return Objects.requireNonNullElse(surroundings.goOn(), resume) + " goes on with it";
  }
}
