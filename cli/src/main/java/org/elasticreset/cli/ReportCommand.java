package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset report}: writes the report of a run again, a finished one or not. */
@Command(
    name = "report",
    description = "Write report.html of a run again, from what its directory holds.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "Directory of the run, such as runs/NAME.")
  private Path directory = Path.of("");

  @Override
  public Integer call() {
    RunDirectory run = new RunDirectory(directory.toAbsolutePath().normalize());
    Report.write(RecordedRun.read(run), run.report());
    System.out.println(run.report());
    return 0;
  }
}
