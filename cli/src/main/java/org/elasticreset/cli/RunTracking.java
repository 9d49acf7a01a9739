package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.elasticreset.cli.RunConfig.TrackingConfig;
import org.elasticreset.cli.tracking.RunOutcome;
import org.elasticreset.cli.tracking.RunOutcome.State;
import org.elasticreset.cli.tracking.Sinks;
import org.elasticreset.cli.tracking.TrackedRun;
import org.elasticreset.cli.tracking.Tracking;

/** What TensorBoard and MLflow are told about a run of this machine. */
final class RunTracking {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The process was told to end. */
  private static final Duration IN_A_HURRY = Duration.ofSeconds(3);

  private RunTracking() {}

  /**
   * Checks the settings against the environment.
   *
   * @throws InvalidInputException naming what cannot work
   */
  static void check(RunConfig config) {
    sinks(config.tracking()).check(System.getenv());
  }

  static Sinks sinks(TrackingConfig tracking) {
    return new Sinks(
        tracking.tensorboard(),
        tracking.logdir(),
        tracking.mlflow(),
        tracking.experiment(),
        tracking.comparison());
  }

  /**
   * Opens the sinks that a run's settings name.
   *
   * @param tell hears of trouble with one
   */
  static Tracking open(
      RunConfig config, RunDirectory directory, RunSummary summary, Consumer<String> tell) {
    Sinks sinks = sinks(config.tracking());
    return sinks.isEmpty()
        ? Tracking.off()
        : sinks.open(players(config, directory, summary), System.getenv(), tell);
  }

  /** The run, and that of its second player if there is one. */
  static List<TrackedRun> players(RunConfig config, RunDirectory directory, RunSummary summary) {
    List<TrackedRun> players = new ArrayList<>();
    players.add(
        new TrackedRun(
            directory.name(),
            summary.started(),
            directory.path(),
            directory.metrics(),
            settings(config),
            tags(config, summary),
            List.of(
                directory.config(),
                directory.report(),
                directory.summary(),
                directory.metrics(),
                directory.samples())));
    if (config.receiver() != null) {
      players.add(
          new TrackedRun(
              ReceiverServices.runId(directory),
              summary.started(),
              directory.path().resolve("receiver"),
              ReceiverServices.metrics(directory),
              settings(config),
              tags(config, summary),
              List.of(ReceiverServices.metrics(directory))));
    }
    return players;
  }

  private static SortedMap<String, String> settings(RunConfig config) {
    SortedMap<String, String> settings = PlannedRun.flat(config);
    settings.keySet().removeIf(key -> key.startsWith("tracking."));
    return settings;
  }

  private static Map<String, String> tags(RunConfig config, RunSummary summary) {
    Map<String, String> tags = new TreeMap<>();
    tags.put("seed", Long.toString(config.seed()));
    tags.put("preset", summary.preset());
    tags.put("elastic_reset.version", Installation.version());
    if (config.tracking().comparison() != null) {
      tags.put("experiment", config.tracking().comparison());
    }
    if (config.tracking().arm() != null) {
      tags.put("arm", config.tracking().arm());
    }
    return tags;
  }

  /** Delivers what is left, and says what is where. */
  static void end(
      Tracking tracking, RunDirectory directory, RunSummary summary, Terminal terminal) {
    boolean hurry = summary.outcome().equals(RunSummary.INTERRUPTED);
    List<String> problems = tracking.end(outcome(summary), hurry ? IN_A_HURRY : PATIENCE);
    problems.forEach(
        problem ->
            terminal.problem(
                "%s; ./elastic-reset track %s sends what is missing"
                    .formatted(problem, ShellWord.of(shown(directory.path())))));
    if (problems.isEmpty()) {
      tracking.delivered().forEach(terminal::line);
    }
  }

  private static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return (path.startsWith(here) ? here.relativize(path) : path).toString();
  }

  static RunOutcome outcome(RunSummary summary) {
    State state =
        switch (summary.outcome()) {
          case RunSummary.FINISHED -> State.FINISHED;
          case RunSummary.FAILED -> State.FAILED;
          case RunSummary.INTERRUPTED -> State.KILLED;
          default -> State.RUNNING;
        };
    return new RunOutcome(state, Objects.requireNonNullElseGet(summary.ended(), Instant::now));
  }
}
