package org.elasticreset.learner;

import java.math.BigInteger;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;

/**
 * Spreads the batches of a step over the partitions of {@code prompts}, so that no worker has two
 * of them while another has none.
 *
 * <p>A worker has neighbouring partitions or every n-th, as workers came together or one after the
 * other. So batches are a golden section apart, 0, 5, 2, 7, 4, 1, 6, 3 of eight partitions: for
 * two, four or eight workers the first round gives each a batch of its own in either case. Hashes
 * of ids gave one worker of two both batches of every other step.
 */
public final class PromptPartitioner implements Partitioner {

  private static final double GOLDEN_SECTION = (Math.sqrt(5) - 1) / 2;

  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    var batchId = (String) key;
    int index = Integer.parseInt(batchId.substring(batchId.lastIndexOf('-') + 1));
    return partition(index, cluster.partitionCountForTopic(topic));
  }

  /**
   * Where a batch goes.
   *
   * @param index of the batch within its step, from 0
   * @return from 0 to {@code partitions} − 1
   */
  static int partition(int index, int partitions) {
    return Math.floorMod((long) index * stride(partitions), partitions);
  }

  /** What is nearest to the golden section and leaves no partition out. */
  private static int stride(int partitions) {
    int stride = (int) Math.round(partitions * GOLDEN_SECTION);
    while (BigInteger.valueOf(stride).gcd(BigInteger.valueOf(partitions)).intValue() != 1) {
      stride++;
    }
    return stride;
  }

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configs) {}
}
