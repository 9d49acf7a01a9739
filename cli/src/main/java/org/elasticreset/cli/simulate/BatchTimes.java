package org.elasticreset.cli.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

/** What the batches of some steps take, drawn once and given out to clusters of any size. */
final class BatchTimes {

  private static final int MOST_DRAWS = 2_000_000;
  private static final int MOST_STEPS = 400;
  private static final long SEED = 1;

  private final int batches;
  private final double[] seconds;

  private BatchTimes(int batches, double[] seconds) {
    this.batches = batches;
    this.seconds = seconds;
  }

  static BatchTimes drawn(Workload work) {
    int steps = Math.max(1, Math.min(MOST_STEPS, MOST_DRAWS / work.batches()));
    var random = new SplittableRandom(SEED);
    double[] seconds = new double[steps * work.batches()];
    Arrays.setAll(seconds, i -> work.generate().draw(random, work.batchSize()));
    return new BatchTimes(work.batches(), seconds);
  }

  /**
   * Until the slowest worker has generated its batches of a step, on average.
   *
   * @param more that a worker takes for each batch
   */
  double slowest(Cluster cluster, double more) {
    int workers = Math.min(cluster.busyWorkers(), batches);
    int[] worker = new int[batches];
    Arrays.setAll(worker, batch -> batch % cluster.partitions() % workers);
    double[] busy = new double[workers];
    double sum = 0;
    for (int start = 0; start < seconds.length; start += batches) {
      Arrays.fill(busy, 0);
      for (int batch = 0; batch < batches; batch++) {
        busy[worker[batch]] += seconds[start + batch] + more;
      }
      sum += Arrays.stream(busy).max().orElse(0);
    }
    return sum * batches / seconds.length;
  }
}
