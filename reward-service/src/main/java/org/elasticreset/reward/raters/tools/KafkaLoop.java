package org.elasticreset.reward.raters.tools;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of Kafka and a thread of its own, which go on until they are closed: whatever goes
 * wrong, a new consumer begins from the beginning.
 */
final class KafkaLoop implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(KafkaLoop.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration STOP = Duration.ofSeconds(3);

  private final Map<String, Object> settings;
  private final Consumer<KafkaConsumer<String, byte[]>> begin;
  private final Consumer<KafkaConsumer<String, byte[]>> turn;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable KafkaConsumer<String, byte[]> consumer;

  /**
   * Does nothing yet.
   *
   * @param name of the thread
   * @param settings of the consumer, without deserializers
   * @param begin with a new consumer: subscribes or assigns
   * @param turn polls, and does what there is to do; again and again
   */
  KafkaLoop(
      String name,
      Map<String, Object> settings,
      Consumer<KafkaConsumer<String, byte[]>> begin,
      Consumer<KafkaConsumer<String, byte[]>> turn) {
    this.settings = Map.copyOf(settings);
    this.begin = begin;
    this.turn = turn;
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  KafkaLoop start() {
    thread.start();
    return this;
  }

  private void run() {
    while (!closed) {
      try (var opened =
          new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
        consumer = opened;
        begin.accept(opened);
        while (!closed) {
          turn.accept(opened);
        }
      } catch (WakeupException | InterruptException e) {
        // Either is a word of close(), which has said so already.
        LOG.debugf("consumer woken thread=%s", thread.getName());
      } catch (RuntimeException e) {
        LOG.warnf(e, "consumer begins again thread=%s", thread.getName());
        pause();
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      LOG.debugf("pause cut short thread=%s", thread.getName());
    }
  }

  @Override
  public void close() {
    closed = true;
    var opened = consumer;
    if (opened != null) {
      opened.wakeup();
    }
    try {
      thread.join(STOP.toMillis());
      if (thread.isAlive()) {
        // It waits for something else than Kafka.
        thread.interrupt();
        thread.join(STOP.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
