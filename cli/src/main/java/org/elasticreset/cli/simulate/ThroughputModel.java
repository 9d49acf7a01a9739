package org.elasticreset.cli.simulate;

import java.util.EnumMap;
import java.util.Map;

/**
 * How long a training step takes, from what its stages take: bounds, not queues in detail. Workers
 * that draw unequal times are waited for, so the slowest of them counts; that is found by drawing.
 *
 * @param costs besides compute
 */
public record ThroughputModel(Costs costs) {

  /** So many brokers hold a copy of each byte, where there are as many. */
  static final int REPLICAS = 3;

  /** A step of that work on that cluster. */
  public Prediction predict(Workload work, Cluster cluster) {
    return predict(work, cluster, BatchTimes.drawn(work));
  }

  Prediction predict(Workload work, Cluster cluster, BatchTimes times) {
    Map<Stage, Double> seconds = new EnumMap<>(Stage.class);
    double generation = times.slowest(cluster, costs.secondsPerBatch());
    seconds.put(Stage.FAN_OUT, fanOut(work, cluster));
    seconds.put(Stage.GENERATION, generation);
    seconds.put(Stage.SCORING, scoring(work, cluster, generation));
    seconds.put(Stage.MESSAGING, messaging(work, generation));
    seconds.put(Stage.LEARNING, work.learn().mean());
    seconds.put(Stage.AVERAGING, averaging(work, cluster));
    seconds.put(
        Stage.BROKER,
        work.rolloutsPerStep() * brokerSeconds(work, cluster.brokers()) / cluster.brokers());
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
    // Whoever passes on has received all shards, and sends all of them.
    double sending = served * (served < workers ? work.weightBytes() : bytes);
    return levels * costs.fetchSeconds() + Math.max(alone, sending / costs.fanOutBytesPerSecond());
  }

  /** Of one broker for a rollout, of all copies together. */
  double brokerSeconds(Workload work, int brokers) {
    double bytes = costs.bytesPerRollout() * work.generate().tokens() / Costs.MEASURED_TOKENS;
    return bytes * Math.min(REPLICAS, brokers) / costs.brokerBytesPerSecond();
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
