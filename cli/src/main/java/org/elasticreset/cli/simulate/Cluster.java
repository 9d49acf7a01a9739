package org.elasticreset.cli.simulate;

/**
 * How many there are of each.
 *
 * @param partitions of {@code prompts}, {@code rollouts} and {@code scored-rollouts} each
 * @param averages ema-services that each hold a share of the weights; today's run has one
 * @param fanOut workers that one sender of weights serves, those served passing them on; 0: the
 *     ema-service serves all of them itself, as it does today
 */
public record Cluster(
    int workers, int scorers, int partitions, int brokers, int averages, int fanOut) {

  public Cluster {
    atLeast(1, "workers", workers);
    atLeast(1, "scorers", scorers);
    atLeast(1, "partitions", partitions);
    atLeast(1, "brokers", brokers);
    atLeast(1, "averages", averages);
    atLeast(0, "fan-out", fanOut);
  }

  /** One average, which serves every worker. */
  public static Cluster of(int workers, int scorers, int partitions) {
    return new Cluster(workers, scorers, partitions, 1, 1, 0);
  }

  /** The same with that many workers, and a partition for each. */
  public Cluster withWorkers(int count) {
    return new Cluster(count, scorers, Math.max(partitions, count), brokers, averages, fanOut);
  }

  /** The same with that many scorers. */
  public Cluster withScorers(int count) {
    return new Cluster(workers, count, Math.max(partitions, count), brokers, averages, fanOut);
  }

  /** The same with that many brokers. */
  public Cluster withBrokers(int count) {
    return new Cluster(workers, scorers, partitions, count, averages, fanOut);
  }

  /** Workers that have a partition: the others get nothing to do. */
  public int busyWorkers() {
    return Math.min(workers, partitions);
  }

  /** Scorers that have a partition. */
  public int busyScorers() {
    return Math.min(scorers, partitions);
  }

  private static void atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: at least %d)".formatted(name, value, least));
    }
  }
}
