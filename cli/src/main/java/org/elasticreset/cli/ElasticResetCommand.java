package org.elasticreset.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.elasticreset.cli.experiment.CompareCommand;
import org.elasticreset.cli.experiment.SweepCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code elastic-reset}: 0 is success, 1 a run that failed, 2 bad input, 130 Ctrl-C.
 */
@Command(
    name = "elastic-reset",
    description = "Align a language model by reinforcement learning without wrecking it.",
    mixinStandardHelpOptions = true,
    versionProvider = ElasticResetCommand.Version.class,
    subcommands = {
      RunCommand.class,
      ResumeCommand.class,
      CompareCommand.class,
      SweepCommand.class,
      ReportCommand.class,
      ExportCommand.class,
      EvaluateCommand.class,
      AbCommand.class,
      SftCommand.class,
      TrainRewardCommand.class,
      RatingsCommand.class,
      ConvertLlama2cCommand.class,
      OperateCommand.class,
      AuditCommand.class,
      TrackCommand.class,
      PromoteCommand.class,
      RaterKeyCommand.class,
      SimulateCommand.class,
      BrokerCommand.class
    })
public final class ElasticResetCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private ElasticResetCommand() {}

  /** Runs a command line and ends the process. */
  @SuppressWarnings("checkstyle:regexpsinglelinejava")
  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  /** Runs a command line; the answer is the exit code. */
  static int execute(String... arguments) {
    return new CommandLine(new ElasticResetCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(ElasticResetCommand::refuse)
        .setExecutionExceptionHandler((e, command, parsed) -> fail(e))
        .execute(arguments);
  }

  private static int refuse(ParameterException e, String[] arguments) {
    Terminal.complain(String.valueOf(e.getMessage()));
    return ExitCode.USAGE;
  }

  private static int fail(Exception e) {
    if (e instanceof InvalidInputException) {
      Terminal.complain(String.valueOf(e.getMessage()));
      return ExitCode.USAGE;
    }
    if (e instanceof UncheckedIOException io) {
      Terminal.complain(words(io));
      return ExitCode.SOFTWARE;
    }
    StringWriter stack = new StringWriter();
    e.printStackTrace(new PrintWriter(stack, true));
    Terminal.complain(stack.toString());
    return ExitCode.SOFTWARE;
  }

  /** Of a disk, not of a mistake of ours: what was done, and what the file system said. */
  private static String words(UncheckedIOException e) {
    String cause = String.valueOf(e.getCause());
    String message = String.valueOf(e.getMessage());
    return message.equals(cause) ? cause : message + ": " + cause;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  /** Version of the build and of the Java that runs it. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"Elastic Reset " + Installation.version(), "Java " + Runtime.version()};
    }
  }
}
