package org.elasticreset.ema.console;

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
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.elasticreset.proto.TrainingEventDeserializer;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code training-events} whole, from the first record, for as long as the service runs: one
 * thread and one consumer without a group, and none where there is no console.
 */
final class EventFeed implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(EventFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final EventLog log;
  private final TopicPartition partition;
  private final Map<String, Object> client;
  private final Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable KafkaConsumer<String, TrainingEvent> consumer;
  private long next;

  /**
   * Begins to read.
   *
   * @param client settings of a client of Kafka: bootstrap servers, and what they ask for
   */
  EventFeed(EventLog log, String topic, Map<String, ?> client) {
    this.log = log;
    this.partition = new TopicPartition(topic, 0);
    this.client = new HashMap<>(client);
    this.thread = new Thread(this::run, "console");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (!stopped) {
      try (var reading = open()) {
        consumer = reading;
        reading.assign(List.of(partition));
        reading.seek(partition, next);
        while (!stopped) {
          poll(reading);
        }
      } catch (WakeupException | InterruptException e) {
        return; // The service stops.
      } catch (KafkaException e) {
        LOG.warnf("training events not read, tried again reason=\"%s\"", e);
        pause();
      }
    }
  }

  private KafkaConsumer<String, TrainingEvent> open() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "console");
    // What is fetched and not read yet; a larger record is fetched alone.
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1 << 20);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return new KafkaConsumer<>(settings, new StringDeserializer(), new TrainingEventDeserializer());
  }

  private void poll(KafkaConsumer<String, TrainingEvent> reading) {
    try {
      for (ConsumerRecord<String, @Nullable TrainingEvent> record : reading.poll(POLL)) {
        next = record.offset() + 1;
        TrainingEvent event = record.value();
        if (event != null) {
          log.add(record.offset(), event);
        }
      }
    } catch (RecordDeserializationException e) {
      LOG.warnf("training event not readable offset=%d", e.offset());
      next = e.offset() + 1;
      reading.seek(partition, next);
    }
  }

  private void pause() {
    try {
      Thread.sleep(RETRY_AFTER.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
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
