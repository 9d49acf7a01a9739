package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.elasticreset.proto.v1.Preference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset ratings export}: what people preferred in a run, as pairs for TRL. */
@Command(
    name = "export",
    description = "Write what people preferred in a run as prompt, chosen, rejected.",
    mixinStandardHelpOptions = true)
final class RatingsExportCommand implements Callable<Integer> {
  @Option(
      names = "--run",
      paramLabel = "RUN",
      required = true,
      description = "Directory of the run, or its name under --runs; with --broker its id.")
  private Path run = Path.of("");

  @Mixin private RunsOption runs = new RunsOption();

  @Option(
      names = "--broker",
      paramLabel = "HOST:PORT",
      description = "Read the run's topic there, also while the run is under way.")
  private @Nullable String broker;

  @Option(names = "--output", paramLabel = "FILE", required = true, description = "What to write.")
  private Path output = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "jsonl or parquet (default: what the output's name says, else jsonl).")
  private @Nullable PairFormat format;

  @Option(
      names = "--ties",
      paramLabel = "HOW",
      defaultValue = "DROP",
      description = "Pairs of which neither is preferred: drop, or both (a row each way).")
  private PreferenceRows.Ties ties = PreferenceRows.Ties.DROP;

  @Option(
      names = "--origin",
      description =
          "Add run_id, request_id, policy_version, raters, chosen_value and rejected_value.")
  private boolean origin;

  @Override
  public Integer call() {
    PreferenceRows rows = PreferenceRows.of(preferences(), ties, origin);
    System.out.println(rows.summary(ties));
    if (rows.rows().isEmpty()) {
      throw InvalidInputException.of("--run", run, "a run in which people preferred something");
    }
    try {
      PairFormat.of(format, output).write(output, rows.rows());
    } catch (IOException e) {
      throw new UncheckedIOException(output + " cannot be written", e);
    }
    System.out.println(output);
    return 0;
  }

  private List<Preference> preferences() {
    if (broker != null) {
      return of(KafkaAccess.of(broker, System.getenv()), run.toString());
    }
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    try {
      if (Files.exists(directory.preferences())) {
        return PreferenceLog.read(directory.preferences());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory.preferences() + " cannot be read", e);
    }
    String servers = RunConfigSources.recorded(directory.config()).kafka().bootstrapServers();
    if (servers == null) {
      throw InvalidInputException.of(
          "--run",
          directory.path(),
          "a run with raters that has ended, or --broker of one that goes on; there is no "
              + directory.preferences().getFileName());
    }
    return of(KafkaAccess.of(servers, System.getenv()), directory.name());
  }

  private static List<Preference> of(KafkaAccess kafka, String runId) {
    try {
      return PreferenceLog.read(kafka, runId);
    } catch (KafkaException e) {
      throw InvalidInputException.of(
          "--broker",
          kafka,
          "a broker with the topic %s.preferences: %s".formatted(runId, e.getMessage()));
    }
  }
}
