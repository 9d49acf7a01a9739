package org.elasticreset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset audit}: who did what about a run, and whether the record is as written. */
@Command(
    name = "audit",
    description = "Show who did what about a run, and check that the record is as it was written.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Directory of the run, or its name under --runs.")
  private Path run = Path.of("");

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    if (!Files.exists(directory.audit())) {
      throw InvalidInputException.of(
          "RUN", directory.path(), "a run with audit.jsonl; it has none");
    }
    AuditTrail.read(directory.audit()).stream().map(AuditLine::words).forEach(System.out::println);
    var broken = AuditTrail.broken(directory.audit());
    if (broken.isPresent()) {
      Terminal.complain(directory.audit() + ": " + broken.get());
      return 1;
    }
    System.out.println("every line follows the one before it");
    return 0;
  }
}
