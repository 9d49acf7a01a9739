package org.elasticreset.reward.raters.tools;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.reward.raters.RatingWriter;
import org.jboss.logging.Logger;

/**
 * Reads all {@code ratings} into an {@link AnswerBook}, from the first on: what other instances
 * took, and what was taken before this one was started. An answer that comes after its deletion is
 * withdrawn.
 */
final class RatingsHeard implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RatingsHeard.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final String runId;
  private final AnswerBook book;
  private final RatingWriter writer;
  private final KafkaLoop loop;

  /**
   * Reads nothing yet.
   *
   * @param kafka settings of a client
   */
  RatingsHeard(Map<String, Object> kafka, String runId, AnswerBook book, RatingWriter writer) {
    this.topic = runId + ".ratings";
    this.runId = runId;
    this.book = book;
    this.writer = writer;
    loop = new KafkaLoop("ratings-heard", settings(kafka), this::begin, this::turn);
  }

  private static Map<String, Object> settings(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return settings;
  }

  RatingsHeard start() {
    loop.start();
    return this;
  }

  private void begin(KafkaConsumer<String, byte[]> consumer) {
    var partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException(topic + " is not there (expected: a topic of the run)");
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private void turn(KafkaConsumer<String, byte[]> consumer) {
    consumer.poll(POLL).forEach(this::hear);
  }

  private void hear(ConsumerRecord<String, byte[]> record) {
    try {
      Rating rating = Rating.parseFrom(record.value() == null ? new byte[0] : record.value());
      if (rating.getRunId().equals(runId)) {
        book.heard(rating).ifPresent(this::write);
      }
    } catch (InvalidProtocolBufferException e) {
      // Anybody may write there; the desk puts it to the dead letters.
      LOG.debugf("rating passed over reason=unreadable offset=%d", record.offset());
    }
  }

  private void write(Rating withdrawal) {
    writer
        .write(withdrawal)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("withdrawal not written", failure);
              }
            });
  }

  @Override
  public void close() {
    loop.close();
  }
}
