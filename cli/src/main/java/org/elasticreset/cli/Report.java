package org.elasticreset.cli;

import java.nio.file.Path;

/** The report page of a run. */
final class Report {
  private Report() {}

  static void write(RecordedRun run, Path file) {}
}
