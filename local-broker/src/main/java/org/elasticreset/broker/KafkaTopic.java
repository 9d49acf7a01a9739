package org.elasticreset.broker;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/**
 * One topic of the pipeline as {@code topics.yaml} declares it.
 *
 * @param name without the run's prefix
 * @param partitions bounds the consumers of one group that work at the same time
 * @param retention how long records are kept; empty keeps them for ever
 * @param compacted whether only the newest record of each key is kept
 * @param largestRecord bytes; the broker refuses larger ones
 * @param forced whether the broker has a record on its disk, not only in memory, before it
 *     acknowledges it: for what is never sent again
 */
public record KafkaTopic(
    String name,
    int partitions,
    Optional<Duration> retention,
    boolean compacted,
    int largestRecord,
    boolean forced) {

  public KafkaTopic {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions of topic %s: %d (expected: at least 1)".formatted(name, partitions));
    }
    if (largestRecord < 1) {
      throw new IllegalArgumentException(
          "largest-record of topic %s: %d (expected: at least 1 byte)"
              .formatted(name, largestRecord));
    }
  }

  @JsonCreator
  static KafkaTopic of(
      @JsonProperty(value = "name", required = true) String name,
      @JsonProperty(value = "partitions", required = true) int partitions,
      @JsonProperty("retention") @Nullable String retention,
      @JsonProperty("compacted") boolean compacted,
      @JsonProperty(value = "largest-record", required = true) int largestRecord,
      @JsonProperty("forced") boolean forced) {
    return new KafkaTopic(
        name,
        partitions,
        Optional.ofNullable(retention).map(Duration::parse),
        compacted,
        largestRecord,
        forced);
  }

  /** The same with another number of partitions. */
  KafkaTopic withPartitions(int count) {
    return new KafkaTopic(name, count, retention, compacted, largestRecord, forced);
  }

  /** What to ask the broker for: the topic of a run, on as many replicas as the cluster gives. */
  NewTopic ofRun(String runId) {
    return new NewTopic(runId + "." + name, Optional.of(partitions), Optional.empty())
        .configs(settings());
  }

  /** What the broker is told about it besides its partitions, by Kafka's names. */
  public Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("cleanup.policy", compacted ? "compact" : "delete");
    settings.put("retention.ms", String.valueOf(retention.map(Duration::toMillis).orElse(-1L)));
    settings.put("max.message.bytes", String.valueOf(largestRecord));
    // What is small on the wire only is refused, too.
    settings.put("compression.type", "uncompressed");
    if (forced) {
      settings.put("flush.messages", "1");
    }
    return settings;
  }
}
