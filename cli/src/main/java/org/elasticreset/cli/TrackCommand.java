package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.elasticreset.cli.RunConfig.TrackingConfig;
import org.elasticreset.cli.tracking.Sinks;
import org.elasticreset.cli.tracking.Tracking;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset track}: the figures of runs to TensorBoard and MLflow, what is missing. */
@Command(
    name = "track",
    description =
        "Send the figures of runs to TensorBoard or MLflow: what was not sent yet, of runs that have"
            + " ended, are under way, or are on a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class TrackCommand implements Callable<Integer> {
  /** As long as a sink takes something: one that fails is given up after four tries. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration LOOK = Duration.ofSeconds(1);

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description =
          "Directories of runs, or their names under --runs; the run's id with --bootstrap-servers.")
  private List<Path> names = List.of();

  @Option(
      names = "--tensorboard",
      paramLabel = "LOGDIR",
      arity = "0..1",
      fallbackValue = "",
      description = "Write event files: in each run's directory, or in folders in LOGDIR.")
  private @Nullable String tensorboard;

  @Option(
      names = "--mlflow",
      paramLabel = "ADDRESS",
      arity = "0..1",
      fallbackValue = "environment",
      description = "Send to an MLflow server (without ADDRESS: to MLFLOW_TRACKING_URI).")
  private @Nullable String mlflow;

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "Of MLflow, in the place of what the run's settings or the environment say.")
  private @Nullable String experiment;

  @Option(
      names = "--follow",
      description = "Go on until the run has ended; one run, which is under way.")
  private boolean follow;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    if (names.size() > 1 && (follow || cluster.isGiven())) {
      throw InvalidInputException.of("RUN", names.size() + " runs", "one, which can be followed");
    }
    try (Interruption interruption = Interruption.ofCurrentThread()) {
      if (cluster.isGiven()) {
        return followCluster(names.get(0).toString());
      }
      boolean complete = true;
      for (Path name : names) {
        complete &= track(RunDirectory.find(name, runs.folder(), () -> ""));
      }
      return complete ? 0 : 1;
    } catch (InterruptedException e) {
      return 130;
    }
  }

  private int followCluster(String runId) throws InterruptedException {
    if (tensorboard == null && mlflow == null) {
      throw noSink(runId);
    }
    Sinks sinks = new Sinks(tensorboard != null, logdir(), mlflow, experiment, null);
    sinks.check(System.getenv());
    Path folder =
        Objects.requireNonNullElse(cluster.output(), runs.folder().resolve(runId + "-tracked"));
    try {
      List<String> problems =
          new ClusterRun(runId, cluster, folder.toAbsolutePath().normalize(), Terminal.current())
              .follow(sinks);
      return problems.isEmpty() ? 0 : 1;
    } catch (KafkaException e) {
      Terminal.complain("%s: %s".formatted(cluster.bootstrapServers(), e.getMessage()));
      return 1;
    }
  }

  private boolean track(RunDirectory directory) throws InterruptedException {
    RunConfig config = RunConfigSources.recorded(directory.config());
    Sinks sinks = sinks(directory, config.tracking());
    sinks.check(System.getenv());
    Terminal terminal = Terminal.current();
    Tracking tracking =
        sinks.open(
            RunTracking.players(config, directory, summary(directory)),
            System.getenv(),
            terminal::problem);
    tracking.begin();
    List<String> problems = new ArrayList<>();
    try {
      if (follow) {
        awaitEnd(directory, terminal);
      }
    } finally {
      problems.addAll(tracking.end(RunTracking.outcome(summary(directory)), PATIENCE));
    }
    problems.forEach(problem -> terminal.problem(directory.name() + ": " + problem));
    if (problems.isEmpty()) {
      tracking.delivered().forEach(words -> terminal.line(directory.name() + ": " + words));
    }
    return problems.isEmpty();
  }

  private static void awaitEnd(RunDirectory directory, Terminal terminal)
      throws InterruptedException {
    while (!summary(directory).hasEnded() && RunLock.isTakerAlive(directory)) {
      Thread.sleep(LOOK.toMillis());
    }
    if (!summary(directory).hasEnded()) {
      terminal.line(
          "%s: has not ended, but its launcher has; ./elastic-reset resume goes on with it"
              .formatted(directory.name()));
    }
  }

  private Sinks sinks(RunDirectory directory, TrackingConfig recorded) {
    if (tensorboard == null && mlflow == null) {
      Sinks own = RunTracking.sinks(recorded);
      if (own.isEmpty()) {
        throw noSink(directory.name());
      }
      return own;
    }
    return new Sinks(
        tensorboard != null,
        logdir(),
        mlflow,
        experiment == null ? recorded.experiment() : experiment,
        recorded.comparison());
  }

  private @Nullable Path logdir() {
    return tensorboard == null || tensorboard.isEmpty() ? null : Path.of(tensorboard);
  }

  private static InvalidInputException noSink(String run) {
    return InvalidInputException.of(
        "track " + run,
        "nowhere to",
        "--tensorboard, --mlflow or both: its settings name none of them");
  }

  private static RunSummary summary(RunDirectory directory) {
    try {
      return RunSummary.read(directory.summary());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
