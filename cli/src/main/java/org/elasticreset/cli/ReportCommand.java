package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset report}: writes the report of a run again, a finished one or not. */
@Command(
    name = "report",
    description = "Write report.html of a run again, from what its directory holds.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Directory of the run, or its name under --runs.")
  private Path run = Path.of("");

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    Report.write(RecordedRun.read(directory), directory.report());
    System.out.println(directory.report());
    return 0;
  }
}
