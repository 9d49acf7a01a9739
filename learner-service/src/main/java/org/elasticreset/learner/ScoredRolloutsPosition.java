package org.elasticreset.learner;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads {@code scored-rollouts} from where the run stands, whenever partitions are assigned. The
 * consumer's thread waits here until the policy is loaded and a checkpoint chosen; heartbeats go
 * on.
 */
@ApplicationScoped
@Identifier("scored-rollouts")
class ScoredRolloutsPosition implements KafkaConsumerRebalanceListener {

  private static final Logger LOG = Logger.getLogger(ScoredRolloutsPosition.class);

  private final KafkaInbox inbox;

  ScoredRolloutsPosition(KafkaInbox inbox) {
    this.inbox = inbox;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    try {
      var position = inbox.position();
      if (position.isEmpty()) {
        consumer.pause(partitions);
        return;
      }
      for (TopicPartition partition : partitions) {
        Long offset = position.get().get(partition.partition());
        if (offset != null) {
          consumer.seek(partition, offset);
          LOG.infof("reads on partition=%s offset=%d", partition, offset);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
