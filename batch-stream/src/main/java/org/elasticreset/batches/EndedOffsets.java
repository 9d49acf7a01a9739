package org.elasticreset.batches;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the batches of each partition have ended and have not been committed yet, and whether it
 * is time: while a commit is on its way there is no other, and what ends meanwhile goes with the
 * next. Safe for use by several threads.
 */
final class EndedOffsets {

  private final Map<TopicPartition, OffsetAndMetadata> ended = new HashMap<>();
  private boolean onItsWay;

  /** A batch has ended, and with it all before it of its partition. */
  synchronized void add(TopicPartition partition, long offset) {
    ended.merge(
        partition,
        new OffsetAndMetadata(offset + 1),
        (before, now) -> now.offset() > before.offset() ? now : before);
  }

  /** What is to be committed now, which is on its way then; empty if it is not time. */
  synchronized Map<TopicPartition, OffsetAndMetadata> next() {
    if (onItsWay || ended.isEmpty()) {
      return Map.of();
    }
    onItsWay = true;
    return takeAll();
  }

  /** The commit on its way was answered, whatever the answer is. */
  synchronized void answered() {
    onItsWay = false;
  }

  /** What is left to be committed for these partitions, which are not this consumer's any more. */
  synchronized Map<TopicPartition, OffsetAndMetadata> take(Collection<TopicPartition> revoked) {
    Map<TopicPartition, OffsetAndMetadata> left = new HashMap<>(ended);
    left.keySet().retainAll(revoked);
    ended.keySet().removeAll(revoked);
    return left;
  }

  /** What is left to be committed. */
  synchronized Map<TopicPartition, OffsetAndMetadata> takeAll() {
    Map<TopicPartition, OffsetAndMetadata> left = Map.copyOf(ended);
    ended.clear();
    return left;
  }
}
