package org.elasticreset.reward.raters.tools;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.elasticreset.feed.Backoff;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RatingRequest;
import org.jboss.logging.Logger;

/**
 * Reads {@code rating-requests} for a {@link ToolMirror}. The topic has one partition and the
 * instances are a group, so that one of them has it. It commits nothing: whoever has the partition
 * reads the (compacted) topic from its beginning and asks the tool what it has. So nothing is lost
 * with an instance, and a tool that is away has everything once it is back.
 */
final class ToolFeed implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ToolFeed.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private static final int LONGEST_STEP_MILLIS = 600_000;

  private final LabellingTool tool;
  private final ToolMirror mirror;
  private final ToolMetrics metrics;
  private final String runId;
  private final Clock clock;
  private final KafkaLoop loop;

  /** Where the topic ended when it was begun. */
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  private boolean more;
  private int failures;
  private Instant notBefore = Instant.MIN;

  /**
   * Reads nothing yet.
   *
   * @param kafka settings of a client
   */
  ToolFeed(
      Map<String, Object> kafka,
      String runId,
      LabellingTool tool,
      ToolMirror mirror,
      ToolMetrics metrics,
      Clock clock) {
    this.runId = runId;
    this.tool = tool;
    this.mirror = mirror;
    this.metrics = metrics;
    this.clock = clock;
    loop =
        new KafkaLoop(
            tool.source() + "-feed",
            settings(kafka, runId, tool.source()),
            this::begin,
            this::turn);
  }

  private static Map<String, Object> settings(
      Map<String, Object> kafka, String runId, String tool) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, runId + "." + tool);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    // A step is a few calls of the tool, each with its own timeout.
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, LONGEST_STEP_MILLIS);
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
    return settings;
  }

  ToolFeed start() {
    loop.start();
    return this;
  }

  private void begin(KafkaConsumer<String, byte[]> consumer) {
    consumer.subscribe(
        List.of(runId + ".rating-requests"),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            LOG.infof("requests left to another instance tool=%s", tool.source());
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            mirror.begin();
            ends.clear();
            consumer.seekToBeginning(partitions);
          }
        });
  }

  private void turn(KafkaConsumer<String, byte[]> consumer) {
    consumer.poll(more ? Duration.ZERO : POLL).forEach(this::take);
    more = false;
    // Before the end is reached, what has ended may still look open.
    if (isAtEnd(consumer) && !clock.instant().isBefore(notBefore)) {
      step();
    }
  }

  /** Whether everything has been read that was there when the partition came here. */
  private boolean isAtEnd(KafkaConsumer<String, byte[]> consumer) {
    if (consumer.assignment().isEmpty()) {
      return false;
    }
    if (ends.isEmpty()) {
      ends.putAll(consumer.endOffsets(consumer.assignment()));
    }
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void step() {
    try {
      more = mirror.step();
      failures = 0;
    } catch (InterruptedException e) {
      // Only closing interrupts, and the consumer is closed better without the flag.
      LOG.debugf("call given up tool=%s", tool.source());
    } catch (IOException e) {
      failures++;
      notBefore = clock.instant().plus(BACKOFF.after(failures));
      metrics.failed(tool.source());
      LOG.warnf(
          "tool away tool=%s failures=%d reason=%s",
          tool.source(), failures, Untrusted.shown(String.valueOf(e)));
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null) {
      return;
    }
    if (record.value() == null) {
      mirror.ended(record.key());
      return;
    }
    try {
      RatingRequest request = RatingRequest.parseFrom(record.value());
      if (request.getRunId().equals(runId) && request.getRequestId().equals(record.key())) {
        mirror.asked(request);
      }
    } catch (InvalidProtocolBufferException e) {
      LOG.warnf("request passed over reason=unreadable offset=%d", record.offset());
    }
  }

  @Override
  public void close() {
    loop.close();
  }
}
