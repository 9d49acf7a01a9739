package org.elasticreset.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code elastic-reset ratings}: what people preferred, to and from files of other programs. */
@Command(
    name = "ratings",
    description = "Take what people preferred to other programs, and bring theirs here.",
    mixinStandardHelpOptions = true,
    subcommands = {RatingsExportCommand.class, RatingsImportCommand.class})
final class RatingsCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }
}
