package org.elasticreset.cli.tracking;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.elasticreset.cli.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where the figures of runs go.
 *
 * @param tensorboard write event files
 * @param logdir folder that has a folder of them for each run; null: each run has its own
 * @param mlflow address of a server, or {@code environment}; null: none
 * @param experiment of MLflow; null: as the environment says, or after the comparison
 * @param comparison that the runs are part of, if they are
 */
public record Sinks(
    boolean tensorboard,
    @Nullable Path logdir,
    @Nullable String mlflow,
    @Nullable String experiment,
    @Nullable String comparison) {

  /** Whether there are none. */
  public boolean isEmpty() {
    return !tensorboard && mlflow == null;
  }

  /**
   * Checks what can be checked without a network.
   *
   * @param environment variables of MLflow's own clients
   * @throws InvalidInputException naming what cannot work
   */
  public void check(Map<String, String> environment) {
    if (mlflow != null) {
      new MlflowClient(server(mlflow, environment));
    }
  }

  /**
   * Opens them for some runs that are one, such as the two players of a game; nothing is delivered
   * yet.
   *
   * @param tell hears of trouble with a sink, once for each
   */
  public Tracking open(
      List<TrackedRun> runs, Map<String, String> environment, Consumer<String> tell) {
    List<Delivery> deliveries = new ArrayList<>();
    for (TrackedRun run : runs) {
      if (tensorboard) {
        deliveries.add(new Delivery(new TensorBoardSink(run, folder(run)), run.metrics(), tell));
      }
      if (mlflow != null) {
        MlflowServer server = server(mlflow, environment);
        MlflowExperiment group = MlflowExperiment.of(experiment, comparison, environment);
        deliveries.add(new Delivery(new MlflowSink(run, server, group), run.metrics(), tell));
      }
    }
    return new Tracking(deliveries);
  }

  private static MlflowServer server(String setting, Map<String, String> environment) {
    return MlflowServer.of("tracking.mlflow", setting, environment);
  }

  private Path folder(TrackedRun run) {
    if (logdir == null) {
      return run.folder().resolve("tensorboard");
    }
    return (comparison == null ? logdir : logdir.resolve(comparison)).resolve(run.name());
  }
}
