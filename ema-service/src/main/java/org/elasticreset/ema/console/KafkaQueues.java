package org.elasticreset.ema.console;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the broker how much the run's topics have had and how much of it waits. It only looks: the
 * right to describe the topics and the groups is enough, and what is refused is told and left out.
 */
final class KafkaQueues implements QueueWatch.Queues {

  static final List<String> TOPICS = List.of("prompts", "rollouts", "scored-rollouts");

  private static final int ANSWER_MILLIS = 5_000;

  private final String prefix;
  private final Admin admin;
  private final TreeSet<String> troubles = new TreeSet<>();

  /**
   * Connects at the first question.
   *
   * @param client settings of a client of Kafka: bootstrap servers, and what they ask for
   */
  KafkaQueues(String runId, Map<String, ?> client) {
    prefix = runId + ".";
    var settings = new HashMap<String, Object>(client);
    settings.keySet().retainAll(AdminClientConfig.configNames());
    settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "console-queues");
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
    admin = Admin.create(settings);
  }

  /** Asks, and waits for the answers: for seconds, if the broker is away. */
  @Override
  public Reading read(long nanos) throws InterruptedException {
    troubles.clear();
    Map<String, List<TopicPartition>> partitions = partitions();
    var ends = new HashMap<TopicPartition, Long>();
    var begins = new HashMap<TopicPartition, Long>();
    for (List<TopicPartition> some : partitions.values()) {
      ends.putAll(offsets(some, OffsetSpec.latest()));
      begins.putAll(offsets(some, OffsetSpec.earliest()));
    }
    var records = new HashMap<String, Long>();
    partitions.forEach(
        (topic, some) -> {
          if (ends.keySet().containsAll(some)) {
            records.put(topic, some.stream().mapToLong(each -> ends.getOrDefault(each, 0L)).sum());
          }
        });
    var waiting = new EnumMap<Stage, Long>(Stage.class);
    var members = new EnumMap<Stage, Integer>(Stage.class);
    for (Stage stage : Stage.values()) {
      List<TopicPartition> read = partitions.getOrDefault(stage.topic(), List.of());
      if (!records.containsKey(stage.topic()) || !askForGroup(stage, members)) {
        continue;
      }
      Optional<Map<TopicPartition, Long>> committed = committed(stage);
      // Without an answer, what waits is not known; it is not all that the topic holds.
      if (committed.isPresent() && begins.keySet().containsAll(read)) {
        waiting.put(stage, waiting(read, begins, ends, committed.get()));
      }
    }
    return new Reading(nanos, records, waiting, members, String.join("; ", troubles));
  }

  private static long waiting(
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends,
      Map<TopicPartition, Long> committed) {
    return partitions.stream()
        .mapToLong(
            each -> {
              long begin = begins.getOrDefault(each, 0L);
              long next = Math.max(begin, committed.getOrDefault(each, begin));
              return Math.max(0, ends.getOrDefault(each, next) - next);
            })
        .sum();
  }

  private Map<String, List<TopicPartition>> partitions() throws InterruptedException {
    var found = new TreeMap<String, List<TopicPartition>>();
    var asked = admin.describeTopics(TOPICS.stream().map(prefix::concat).toList());
    for (String topic : TOPICS) {
      var described =
          answer(
              "topic " + prefix + topic,
              requireNonNull(asked.topicNameValues().get(prefix + topic)));
      if (described.isPresent()) {
        found.put(
            topic,
            described.get().partitions().stream()
                .map(partition -> new TopicPartition(prefix + topic, partition.partition()))
                .toList());
      }
    }
    return found;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException {
    var wanted = new HashMap<TopicPartition, OffsetSpec>();
    partitions.forEach(partition -> wanted.put(partition, spec));
    var asked = admin.listOffsets(wanted);
    var found = new HashMap<TopicPartition, Long>();
    for (TopicPartition partition : partitions) {
      answer("topic " + partition.topic(), asked.partitionResult(partition))
          .map(ListOffsetsResultInfo::offset)
          .ifPresent(offset -> found.put(partition, offset));
    }
    return found;
  }

  /**
   * Whether the broker tells of the stage's group; one that nobody has joined yet has no members.
   */
  private boolean askForGroup(Stage stage, Map<Stage, Integer> members)
      throws InterruptedException {
    String group = prefix + stage.group();
    KafkaFuture<ConsumerGroupDescription> asked =
        requireNonNull(admin.describeConsumerGroups(List.of(group)).describedGroups().get(group));
    try {
      members.put(stage, asked.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS).members().size());
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        members.put(stage, 0);
        return true;
      }
      tell("group " + group, e.getCause());
    } catch (TimeoutException e) {
      tell("group " + group, e);
    }
    return false;
  }

  /** Empty without an answer; without a partition, if nothing of it is committed. */
  private Optional<Map<TopicPartition, Long>> committed(Stage stage) throws InterruptedException {
    String group = prefix + stage.group();
    return answer(
            "group " + group,
            admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group))
        .map(
            all -> {
              var found = new HashMap<TopicPartition, Long>();
              all.forEach(
                  (partition, offset) -> {
                    if (offset != null) {
                      found.put(partition, offset.offset());
                    }
                  });
              return found;
            });
  }

  private <T> Optional<T> answer(String about, KafkaFuture<T> asked) throws InterruptedException {
    try {
      return Optional.of(asked.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      tell(about, e.getCause());
    } catch (TimeoutException e) {
      tell(about, e);
    }
    return Optional.empty();
  }

  private void tell(String about, @Nullable Throwable why) {
    if (why instanceof AuthorizationException) {
      troubles.add(about + ": the broker refuses (expected: the right to describe it)");
    } else if (why instanceof UnknownTopicOrPartitionException) {
      troubles.add(about + ": not there yet");
    } else {
      troubles.add(about + ": " + String.valueOf(why));
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
