package org.elasticreset.reward.raters.door;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads the topics about people whole, from the first record, for as long as the service runs.
 * Every instance reads all of them, without a group. One consumer and one thread for all the
 * topics, and none at all where nobody is asked; channels would be four of each.
 */
final class PeopleFeed implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PeopleFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final PeopleTopics topics;
  private final Map<String, Object> client;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile boolean caughtUp;
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  /** What is read already, and what was there at the start; of the one thread that reads. */
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  private Map<TopicPartition, Long> ends = Map.of();

  /**
   * Begins to read.
   *
   * @param client settings of a client of Kafka: bootstrap servers, and what they ask for
   */
  PeopleFeed(PeopleTopics topics, Map<String, ?> client) {
    this.topics = topics;
    this.client = new HashMap<>(client);
    this.thread = new Thread(this::run, "raters");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether everything has been read that was there when the service started. */
  boolean isCaughtUp() {
    return caughtUp;
  }

  private void run() {
    while (!stopped) {
      try (var reading = open()) {
        consumer = reading;
        read(reading);
      } catch (WakeupException | InterruptException e) {
        return; // The service stops.
      } catch (RuntimeException e) {
        LOG.warnf("raters' topics not read, tried again reason=\"%s\"", e);
        pause();
      }
    }
  }

  private KafkaConsumer<String, byte[]> open() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "raters");
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private void read(KafkaConsumer<String, byte[]> reading) {
    List<TopicPartition> partitions =
        topics.names().stream().flatMap(topic -> partitions(reading, topic).stream()).toList();
    if (ends.isEmpty()) {
      ends = reading.endOffsets(partitions);
    }
    reading.assign(partitions);
    for (TopicPartition partition : partitions) {
      // The first record may have been deleted: then it is the first that is there.
      reading.seek(partition, positions.getOrDefault(partition, 0L));
    }
    while (!stopped) {
      for (ConsumerRecord<String, byte[]> record : reading.poll(POLL)) {
        var partition = new TopicPartition(record.topic(), record.partition());
        topics.take(record, record.offset() >= ends.getOrDefault(partition, 0L));
        positions.put(partition, record.offset() + 1);
      }
      if (!caughtUp) {
        caughtUp =
            ends.entrySet().stream()
                .allMatch(end -> reading.position(end.getKey()) >= end.getValue());
      }
    }
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<String, byte[]> reading, String topic) {
    var partitions = reading.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new KafkaException(
          "topic %s: none (expected: a topic as deploy/kafka/topics.yaml declares it)"
              .formatted(topic));
    }
    return partitions.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_AFTER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopped = true;
    var reading = consumer;
    if (reading != null) {
      reading.wakeup();
    }
    try {
      thread.join(STOP_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
