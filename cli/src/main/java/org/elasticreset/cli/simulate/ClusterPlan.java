package org.elasticreset.cli.simulate;

import java.util.Optional;

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

  private static final int REPLICATED_BROKERS = 3;

  /**
   * Plans for a rate.
   *
   * @param target rollouts a second
   * @param start averages and fan-out as they are to be; the other counts are found
   */
  public static ClusterPlan forTarget(
      ThroughputModel model, Workload work, Cluster start, double target) {
    Cluster sized = start.withScorers(scorers(work, target)).withBrokers(brokers(model, target));
    Optional<Integer> workers = fewest(model, work, sized, target);
    int best = workers.orElseGet(() -> fastest(model, work, sized));
    Cluster cluster = sized.withWorkers(best);
    return new ClusterPlan(cluster, model.predict(work, cluster), workers.isPresent());
  }

  private static int scorers(Workload work, double target) {
    double busy = target / work.batchSize() * work.score().mean();
    return (int) Math.max(1, Math.ceil(busy / BUSY));
  }

  private static int brokers(ThroughputModel model, double target) {
    double busy = target * model.costs().bytesPerRollout() / model.costs().brokerBytesPerSecond();
    return (int) Math.max(REPLICATED_BROKERS, Math.ceil(busy / BUSY));
  }

  /** Doubles until there are enough, and halves what is between. */
  private static Optional<Integer> fewest(
      ThroughputModel model, Workload work, Cluster cluster, double target) {
    int most = Math.min(MOST_WORKERS, work.batches());
    int enough = 1;
    while (rate(model, work, cluster, enough) < target) {
      if (enough >= most) {
        return Optional.empty();
      }
      enough = Math.min(most, enough * 2);
    }
    int few = enough / 2;
    while (enough - few > 1) {
      int middle = (enough + few) >>> 1;
      if (rate(model, work, cluster, middle) < target) {
        few = middle;
      } else {
        enough = middle;
      }
    }
    return Optional.of(enough);
  }

  /** More workers than batches have nothing to do, and more fetch than generate in the end. */
  private static int fastest(ThroughputModel model, Workload work, Cluster cluster) {
    int best = 1;
    for (int workers = 1; workers <= Math.min(MOST_WORKERS, work.batches()); workers *= 2) {
      if (rate(model, work, cluster, workers) > rate(model, work, cluster, best)) {
        best = workers;
      }
    }
    return best;
  }

  private static double rate(ThroughputModel model, Workload work, Cluster cluster, int workers) {
    return model.predict(work, cluster.withWorkers(workers)).rolloutsPerSecond();
  }
}
