package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.elasticreset.cli.simulate.Cluster;
import org.elasticreset.cli.simulate.ClusterPlan;
import org.elasticreset.cli.simulate.PlanTable;
import org.elasticreset.cli.simulate.ThroughputModel;
import org.elasticreset.cli.simulate.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset simulate plan}: the same, computed, for clusters that are not there. */
@Command(
    name = "plan",
    description =
        "Compute, without running anything, what clusters would do, or what a rate would take.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SimulatePlanCommand implements Callable<Integer> {
  @Mixin private SimulateOptions options = new SimulateOptions();

  @Option(
      names = "--target",
      paramLabel = "X",
      description = "Rollouts a second: what is the smallest cluster that reaches them?")
  private @Nullable Double target;

  @Option(
      names = "--worker-counts",
      paramLabel = "N,…",
      split = ",",
      description = "Clusters to compute (default: --workers).")
  private List<Integer> workerCounts = List.of();

  @Option(
      names = "--batches-per-worker",
      paramLabel = "N",
      description = "Let the step grow with the workers: so many batches for each.")
  private @Nullable Integer batchesPerWorker;

  @Option(names = "--brokers", paramLabel = "N", description = "Of Kafka (default: 1).")
  private int brokers = 1;

  @Option(
      names = "--averages",
      paramLabel = "N",
      description =
          "ema-services that each hold a share of the weights. Today there is one (default: 1).")
  private int averages = 1;

  @Option(
      names = "--fan-out",
      paramLabel = "N",
      description =
          "Workers that one sender of weights serves, which pass them on. Today the ema-service"
              + " serves all of them: 0 (default).")
  private int fanOut;

  @Override
  public Integer call() {
    if (target != null && !workerCounts.isEmpty()) {
      throw InvalidInputException.of(
          "--worker-counts", workerCounts, "nothing beside --target, which finds how many");
    }
    if (target != null && batchesPerWorker != null) {
      throw InvalidInputException.of(
          "--batches-per-worker",
          batchesPerWorker,
          "nothing beside --target, whose step is --prompts-per-step");
    }
    Workload work = options.workload();
    ThroughputModel model = new ThroughputModel(options.costs());
    Cluster given = options.cluster();
    PlanTable table = new PlanTable();
    try {
      Cluster cluster =
          new Cluster(
              given.workers(), given.scorers(), given.partitions(), brokers, averages, fanOut);
      if (target != null) {
        plan(model, work, cluster, target, table);
      } else {
        counts().forEach(count -> row(model, work, cluster.withWorkers(count), table));
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("plan: " + e.getMessage());
    }
    table.lines().forEach(System.out::println);
    return 0;
  }

  private List<Integer> counts() {
    return workerCounts.isEmpty() ? List.of(options.workers()) : new ArrayList<>(workerCounts);
  }

  private void row(ThroughputModel model, Workload work, Cluster cluster, PlanTable table) {
    Workload grown =
        batchesPerWorker == null
            ? work
            : work.withRolloutsPerStep(cluster.workers() * batchesPerWorker * work.batchSize());
    table.add(cluster, model.predict(grown, cluster), ThroughputModel.ideal(grown, cluster));
  }

  private static void plan(
      ThroughputModel model, Workload work, Cluster start, double target, PlanTable table) {
    if (!(target > 0)) {
      throw InvalidInputException.of("--target", target, "rollouts a second, above 0");
    }
    ClusterPlan plan = ClusterPlan.forTarget(model, work, start, target);
    table.add(plan.cluster(), plan.prediction(), ThroughputModel.ideal(work, plan.cluster()));
    table.note(
        plan.reached()
            ? "computed: the smallest that reaches %.1f rollouts/s".formatted(target)
            : ("no number of workers reaches %.1f rollouts/s with %d rollouts a step: %s is what is"
                    + " in the way, then %s; this is the most")
                .formatted(
                    target,
                    work.rolloutsPerStep(),
                    plan.prediction().bottleneck().label(),
                    plan.prediction().nextBottleneck().label()));
  }
}
