package org.elasticreset.reward.learned;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.elasticreset.reward.learned.TrainingTerm.Setup;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Trains while the only partition of {@code preferences} is this instance's; Kafka gives it to one
 * of the instances, and to another when that one dies. What is read of it is never committed:
 * whoever begins reads all of it.
 */
final class RewardLearner implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RewardLearner.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

  private final Setup setup;
  private final Map<String, ?> client;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::learn, "reward-learner");

  /** Of the thread alone. */
  private @Nullable TrainingTerm term;

  private long end;

  /**
   * @param client settings of a client of Kafka
   */
  RewardLearner(Setup setup, Map<String, ?> client) {
    this.setup = setup;
    this.client = Map.copyOf(client);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void learn() {
    while (closed.getCount() > 0) {
      try (var consumer = consumer()) {
        follow(consumer);
      } catch (RuntimeException e) {
        // Fenced off by its successor, say, which this one did not notice in time.
        LOG.warnf(e, "reward learner begins again in=%s", AFTER_FAILURE);
        await(AFTER_FAILURE);
      } finally {
        endTerm();
      }
    }
  }

  private void follow(KafkaConsumer<String, byte[]> consumer) {
    consumer.subscribe(List.of(setup.runId() + ".preferences"), new Assignment(consumer));
    while (closed.getCount() > 0) {
      var records = consumer.poll(POLL);
      TrainingTerm present = term;
      if (present != null) {
        records.forEach(record -> present.take(record.key(), record.value()));
        if (consumer.assignment().stream().allMatch(part -> consumer.position(part) >= end)) {
          present.goOn();
        }
      }
    }
  }

  private KafkaConsumer<String, byte[]> consumer() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, setup.runId() + ".reward-learner");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // An instance that joins does not take the partition from the one that trains.
    settings.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Begins and ends terms; called within a poll. */
  private final class Assignment implements ConsumerRebalanceListener {

    private final KafkaConsumer<String, byte[]> consumer;

    Assignment(KafkaConsumer<String, byte[]> consumer) {
      this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      for (TopicPartition partition : partitions) {
        end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        consumer.seekToBeginning(List.of(partition));
        endTerm();
        term = new TrainingTerm(setup, new KafkaAnnouncements(setup.runId(), client));
        LOG.infof("reward learner trains here run=%s", setup.runId());
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        endTerm();
      }
    }
  }

  private void endTerm() {
    TrainingTerm ended = term;
    term = null;
    if (ended != null) {
      ended.close();
    }
  }

  private void await(Duration time) {
    try {
      boolean unused = closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }

  /** Leaves the group, so that another trains at once, and ends a training under way. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(STOP_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
