package org.elasticreset.cli.simulate;

import java.util.stream.IntStream;

/**
 * The smallest cluster that reaches a rate, by the model; or how far one comes.
 *
 * @param reached whether it does
 */
public record ClusterPlan(Cluster cluster, Prediction prediction, boolean reached) {

  /** Nobody plans for more. */
  public static final int MOST_WORKERS = 1 << 17;

  /** Share of their time that scorers and brokers are to be busy at most, so that none queues. */
  private static final double BUSY = 0.5;

  /** Every number of workers is tried up to this; beyond, those that share out a step evenly. */
  private static final int EVERY = 256;

  /**
   * Plans for a rate.
   *
   * @param target rollouts a second
   * @param start averages and fan-out as they are to be; the other counts are found
   */
  public static ClusterPlan forTarget(
      ThroughputModel model, Workload work, Cluster start, double target) {
    Cluster sized =
        start.withScorers(scorers(work, target)).withBrokers(brokers(model, work, target));
    BatchTimes times = BatchTimes.drawn(work);
    ClusterPlan best = of(model, work, sized.withWorkers(1), times, target);
    for (int workers : counts(work.batches())) {
      if (best.reached()) {
        break;
      }
      ClusterPlan next = of(model, work, sized.withWorkers(workers), times, target);
      if (next.prediction().rolloutsPerSecond() > best.prediction().rolloutsPerSecond()) {
        best = next;
      }
    }
    return best;
  }

  private static ClusterPlan of(
      ThroughputModel model, Workload work, Cluster cluster, BatchTimes times, double target) {
    Prediction step = model.predict(work, cluster, times);
    return new ClusterPlan(cluster, step, step.rolloutsPerSecond() >= target);
  }

  /**
   * Numbers of workers, from few to many. More are not always faster: who takes the most batches
   * has one less only now and then, and weights go to everybody. So the fewest for each such most.
   */
  private static int[] counts(int batches) {
    return IntStream.concat(
            IntStream.rangeClosed(1, Math.min(EVERY, batches)),
            IntStream.rangeClosed(1, batches).map(most -> (batches - 1) / most + 1))
        .filter(workers -> workers <= MOST_WORKERS)
        .sorted()
        .distinct()
        .toArray();
  }

  private static int scorers(Workload work, double target) {
    double busy = target / work.batchSize() * work.score().mean();
    return (int) Math.max(1, Math.ceil(busy / BUSY));
  }

  private static int brokers(ThroughputModel model, Workload work, double target) {
    double busy = target * model.brokerSeconds(work, ThroughputModel.REPLICAS);
    return (int) Math.max(ThroughputModel.REPLICAS, Math.ceil(busy / BUSY));
  }
}
