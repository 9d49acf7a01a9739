package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    if (by.isBlank()) {
      throw InvalidInputException.of("--by", "'" + by + "'", "your name");
    }
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    requireFinished(directory);
    Path target = to.toAbsolutePath().normalize();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw InvalidInputException.of("--to", to, "a directory that does not exist yet");
    }
    var broken = AuditTrail.broken(directory.audit());
    if (broken.isPresent()) {
      throw new InvalidInputException(
          directory.audit()
              + ": "
              + broken.get()
              + " (expected: the record as it was written; nothing is promoted on a changed one)");
    }
    int needed = RunConfigSources.recorded(directory.config()).promotion().approvals();
    try (AuditTrail trail = AuditTrail.open(directory)) {
      Promotion promotion = new Promotion(directory, target, needed, trail);
      int missing = promotion.approve(by.strip(), reason);
      System.out.println(
          missing > 0 ? "approved; it waits for " + missing + " more" : "promoted: " + target);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + to, e);
    }
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
}
