package org.elasticreset.cli.simulate;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How long a training step takes, from what its stages take: bounds, not queues in detail. Workers
 * that draw unequal times are waited for, so the slowest of them counts; that is found by drawing.
 *
 * @param costs besides compute
 */
public record ThroughputModel(Costs costs) {

  private static final int MOST_DRAWS = 2_000_000;
  private static final int MOST_STEPS = 400;
  private static final long SEED = 1;

  /** A step of that work on that cluster. */
  public Prediction predict(Workload work, Cluster cluster) {
    Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
    double generation = generation(work, cluster);
    seconds.put(Stage.FAN_OUT, fanOut(work, cluster));
    seconds.put(Stage.GENERATION, generation);
    seconds.put(Stage.SCORING, scoring(work, cluster, generation));
    seconds.put(Stage.MESSAGING, messaging(work, generation));
    seconds.put(Stage.LEARNING, work.learn().mean());
    seconds.put(Stage.AVERAGING, averaging(work, cluster));
    seconds.put(
        Stage.BROKER,
        work.rolloutsPerStep()
            * costs.bytesPerRollout()
            / (costs.brokerBytesPerSecond() * cluster.brokers()));
    return new Prediction(work.rolloutsPerStep(), work.maxStaleness() > 0, seconds);
  }

  /** What no cluster of that size beats: compute alone, and nothing on its way. */
  public static Prediction ideal(Workload work, Cluster cluster) {
    return new ThroughputModel(Costs.NONE).predict(work, cluster);
  }

  /** Workers fetch side by side until the sender has no more to give. */
  private double fanOut(Workload work, Cluster cluster) {
    int workers = cluster.busyWorkers();
    double bytes = work.weightBytes() / cluster.averages();
    double alone = work.weightBytes() / costs.fetchBytesPerSecond();
    int served = cluster.fanOut() == 0 ? workers : Math.min(workers, cluster.fanOut());
    // Chunks are passed on as they come: a level of the tree adds the time of a fetch of nothing.
    double levels =
        cluster.fanOut() < 2 || workers <= cluster.fanOut()
            ? 1
            : Math.ceil(Math.log(workers) / Math.log(cluster.fanOut()));
    return levels * costs.fetchSeconds()
        + Math.max(alone, served * bytes / costs.fanOutBytesPerSecond());
  }

  /** Until the slowest worker has generated its batches of the step. */
  private double generation(Workload work, Cluster cluster) {
    int workers = Math.min(cluster.busyWorkers(), work.batches());
    int steps = Math.max(1, Math.min(MOST_STEPS, MOST_DRAWS / work.batches()));
    var random = new SplittableRandom(SEED);
    double sum = 0;
    double[] busy = new double[workers];
    for (int step = 0; step < steps; step++) {
      Arrays.fill(busy, 0);
      for (int batch = 0; batch < work.batches(); batch++) {
        int worker = batch % cluster.partitions() % workers;
        busy[worker] += work.generate().draw(random) + costs.secondsPerBatch();
      }
      sum += Arrays.stream(busy).max().orElse(0);
    }
    return sum / steps;
  }

  /** The last batch's, and what the scorers are behind the workers. */
  private static double scoring(Workload work, Cluster cluster, double generation) {
    double each = work.score().mean();
    int scorers = Math.min(cluster.busyScorers(), work.batches());
    double all = each * work.batches() / scorers;
    return Math.max(each, all - generation + each);
  }

  /**
   * Rollouts go through the hops while others are generated; what is more than that is waited for.
   */
  private double messaging(Workload work, double generation) {
    double all = costs.secondsPerRollout() * work.rolloutsPerStep();
    return costs.secondsPerStep() + Math.max(0, all - generation);
  }

  private double averaging(Workload work, Cluster cluster) {
    return costs.averagingSeconds()
        + work.weightBytes() / cluster.averages() / costs.averagingBytesPerSecond();
  }
}
