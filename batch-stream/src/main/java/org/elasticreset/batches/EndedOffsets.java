package org.elasticreset.batches;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the batches of each partition have ended and have not been committed yet, and whether it
 * is time: while a commit is on its way there is no other, and what ends meanwhile goes with the
 * next. What ends of a partition that another consumer has by now is not committed, for that one
 * may have committed more. Safe for use by several threads.
 */
final class EndedOffsets {

  private final Set<TopicPartition> own = new HashSet<>();
  private final Map<TopicPartition, OffsetAndMetadata> ended = new HashMap<>();
  private boolean onItsWay;

  /** These partitions are this consumer's from now on. */
  synchronized void assign(Collection<TopicPartition> partitions) {
    own.addAll(partitions);
  }

  /** A batch has ended, and with it all before it of its partition. */
  synchronized void add(TopicPartition partition, long offset) {
    add(partition, new OffsetAndMetadata(offset + 1));
  }

  private void add(TopicPartition partition, OffsetAndMetadata next) {
    if (own.contains(partition)) {
      ended.merge(partition, next, (before, now) -> now.offset() > before.offset() ? now : before);
    }
  }

  /** What is to be committed now, which is on its way then; empty if it is not time. */
  synchronized Map<TopicPartition, OffsetAndMetadata> next() {
    if (onItsWay || ended.isEmpty()) {
      return Map.of();
    }
    onItsWay = true;
    Map<TopicPartition, OffsetAndMetadata> next = Map.copyOf(ended);
    ended.clear();
    return next;
  }

  /** The commit on its way has failed, and is to be made again. */
  synchronized void putBack(Map<TopicPartition, OffsetAndMetadata> failed) {
    failed.forEach(this::add);
  }

  /** There is no commit on its way any more. */
  synchronized void answered() {
    onItsWay = false;
  }

  /** What is left to be committed for these partitions, which are not this consumer's any more. */
  synchronized Map<TopicPartition, OffsetAndMetadata> revoke(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> left = new HashMap<>(ended);
    left.keySet().retainAll(partitions);
    ended.keySet().removeAll(partitions);
    own.removeAll(partitions);
    return left;
  }

  /** What is left to be committed, by a consumer that stops. */
  synchronized Map<TopicPartition, OffsetAndMetadata> revokeAll() {
    return revoke(Set.copyOf(own));
  }
}
