package org.elasticreset.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where runs are, for every command that begins or takes one. */
final class RunsOption {
  @Option(
      names = "--runs",
      paramLabel = "DIR",
      defaultValue = "runs",
      description = "Folder of all runs (default: ${DEFAULT-VALUE}).")
  private Path folder = Path.of("runs");

  Path folder() {
    return folder;
  }
}
