package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset promote}: hands a policy over to production, once enough persons say so. */
@Command(
    name = "promote",
    description = "Hand the policy of a finished run over to a directory for production.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PromoteCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Parameters(paramLabel = "RUN", description = "Directory of the run, or its name under --runs.")
  private Path run = Path.of("");

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "Directory that receives the policy; it must not exist.")
  private Path to = Path.of("");

  @Option(names = "--by", paramLabel = "NAME", required = true, description = "Who you are.")
  private String by = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; it goes on the record.")
  private String reason = "";

  @Option(
      names = "--directory-only",
      description =
          "Do not tell the run's broker: it is gone for good, and the record in the run's directory is"
              + " enough.")
  private boolean directoryOnly;

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    if (by.isBlank()) {
      throw InvalidInputException.of("--by", "'" + by + "'", "your name");
    }
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    requireFinished(directory);
    try (RunLock lock = RunLock.take(directory.path(), "RUN", directory.path(), "a promotion")) {
      requireWhole(directory);
      RunConfig config = RunConfigSources.recorded(directory.config());
      Optional<RunTopic> topic =
          RunTopic.outliving(config, directory.name(), PATIENCE).filter(none -> !directoryOnly);
      if (topic.isEmpty()) {
        return promote(directory, config, topic);
      }
      try (BrokerLog log = BrokerLog.to(directory.log("promote"))) {
        return promote(directory, config, topic);
      }
    }
  }

  private int promote(RunDirectory directory, RunConfig config, Optional<RunTopic> topic) {
    Path target = to.toAbsolutePath().normalize();
    try (AuditTrail trail = AuditTrail.open(directory)) {
      int missing =
          new Promotion(directory, target, config.promotion().approvals(), trail, topic)
              .approve(by.strip(), reason);
      System.out.println(
          missing > 0 ? "approved; it waits for " + missing + " more" : "promoted: " + target);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + to, e);
    }
    System.out.println(
        "recorded in %s%s"
            .formatted(
                directory.audit(),
                topic
                    .map(events -> " and on training-events at " + events.kafka())
                    .orElse(
                        directoryOnly ? " only" : " only: the run's own broker ended with it")));
    return 0;
  }

  private static void requireFinished(RunDirectory directory) {
    try {
      if (!RunSummary.read(directory.summary()).hasFinished()
          || !Files.isDirectory(directory.policy())) {
        throw InvalidInputException.of(
            "RUN", directory.path(), "a run that has finished, with its policy");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireWhole(RunDirectory directory) {
    var broken = AuditTrail.broken(directory.audit());
    if (broken.isPresent()) {
      throw new InvalidInputException(
          directory.audit()
              + ": "
              + broken.get()
              + " (expected: the record as it was written; nothing is promoted on a changed one)");
    }
  }
}
