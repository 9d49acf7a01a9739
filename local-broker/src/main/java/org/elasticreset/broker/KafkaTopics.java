package org.elasticreset.broker;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of a run: declared in {@code deploy/kafka/topics.yaml}, which this jar carries, and
 * named {@code <run id>.<name>}.
 */
public final class KafkaTopics {

  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9._-]{1,200}");
  private static final int ADMIN_TIMEOUT_MILLIS = 30_000;

  /** Begins the names of the topics that the reward-service's stream processor makes for itself. */
  private static final String RATING_DESK = "rating-desk";

  private KafkaTopics() {}

  /** The declaration, in the order of the file. */
  public static List<KafkaTopic> declared() {
    return declared("topics");
  }

  /**
   * The declaration of some of them.
   *
   * @param group {@code topics}, {@code people} or {@code live}
   */
  public static List<KafkaTopic> declared(String group) {
    try (var yaml = KafkaTopics.class.getResourceAsStream("topics.yaml")) {
      if (yaml == null) {
        throw new IllegalStateException("topics.yaml is missing from the jar of local-broker");
      }
      return new YAMLMapper()
          .readValue(yaml, new TypeReference<Map<String, List<KafkaTopic>>>() {})
          .getOrDefault(group, List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates the topics of a run where they do not exist yet, and leaves existing ones as they are.
   * Whoever writes to them afterwards finds them served.
   *
   * @param bootstrapServers Kafka's {@code host:port}; one that asks for no password
   * @param runId letters, digits, {@code . _ -}
   * @throws LocalBrokerException if the broker does not answer within 30 s or refuses
   */
  public static void create(String bootstrapServers, String runId) {
    create(Map.of("bootstrap.servers", bootstrapServers), runId);
  }

  /**
   * The same on a broker that may be secured.
   *
   * @param client settings of a client of Kafka: bootstrap servers, and what they ask for
   */
  public static void create(Map<String, ?> client, String runId) {
    create(client, runId, declared());
  }

  /** The same with that many partitions for each topic that is declared with more than one. */
  public static void create(Map<String, ?> client, String runId, int partitions) {
    create(
        client,
        runId,
        declared().stream()
            .map(topic -> topic.partitions() == 1 ? topic : topic.withPartitions(partitions))
            .toList());
  }

  /** Creates what an experiment on live traffic has besides the topics of a run. */
  public static void createLive(Map<String, ?> client, String name) {
    create(client, name, declared());
    create(client, name, declared("live"));
  }

  /** Creates what a run that asks people has besides the topics of a run. */
  public static void createForPeople(Map<String, ?> client, String runId) {
    create(client, runId, declared("people"));
  }

  private static void create(Map<String, ?> client, String runId, List<KafkaTopic> declared) {
    try (var admin = admin(client, runId)) {
      var topics = declared.stream().map(topic -> topic.ofRun(runId)).toList();
      var created = admin.createTopics(topics).values();
      for (var topic : topics) {
        var done = Objects.requireNonNull(created.get(topic.name()));
        await(topic.name(), done, "created", TopicExistsException.class);
        if (!done.isCompletedExceptionally()) {
          awaitServed(admin, topic);
        }
      }
    }
  }

  /**
   * Waits until every partition of a new topic takes records. Before, a producer's first batch may
   * be refused and the one behind it accepted: when the first is sent again, the broker takes it
   * for a copy of what it has, and its records are lost without an error.
   */
  private static void awaitServed(Admin admin, NewTopic topic) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int partition = 0; partition < topic.numPartitions(); partition++) {
      ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
    }
    long patience = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ADMIN_TIMEOUT_MILLIS);
    boolean served = false;
    while (!served) {
      if (System.nanoTime() > patience) {
        throw new LocalBrokerException(
            "topic %s was created and is not served after %d s"
                .formatted(topic.name(), ADMIN_TIMEOUT_MILLIS / 1000),
            null);
      }
      served =
          isThere(topic.name(), admin.describeTopics(List.of(topic.name())).allTopicNames())
              && isThere(topic.name(), admin.listOffsets(ends).all());
    }
  }

  /** Whoever may create a topic and not look at it has to take it as served. */
  private static boolean isThere(String topic, KafkaFuture<?> told) {
    try {
      told.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      if (e.getCause() instanceof TopicAuthorizationException) {
        return true;
      }
      throw failed(topic, "served", e);
    } catch (InterruptedException e) {
      throw interrupted(topic, "served", e);
    }
  }

  /**
   * Deletes the topics of a run, those that there are; what the broker had of them goes from its
   * disk soon after.
   *
   * @param client settings of a client of Kafka
   * @throws LocalBrokerException if the broker does not answer within 30 s or refuses
   */
  public static void delete(Map<String, ?> client, String runId) {
    try (var admin = admin(client, runId)) {
      for (var deleted : admin.deleteTopics(topicsOf(runId, admin)).topicNameValues().entrySet()) {
        await(
            deleted.getKey(),
            deleted.getValue(),
            "deleted",
            UnknownTopicOrPartitionException.class);
      }
    }
  }

  private static List<String> topicsOf(String runId, Admin admin) {
    var declared =
        Stream.of(declared(), declared("people"))
            .flatMap(List::stream)
            .map(topic -> runId + "." + topic.name());
    try {
      var ofTheDesk =
          admin.listTopics().names().get().stream()
              .filter(topic -> topic.startsWith(runId + "." + RATING_DESK + "-"));
      return Stream.concat(declared, ofTheDesk).toList();
    } catch (ExecutionException e) {
      throw new LocalBrokerException("topics could not be listed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalBrokerException("interrupted before topics were listed", e);
    }
  }

  private static Admin admin(Map<String, ?> client, String runId) {
    if (!RUN_ID.matcher(runId).matches()) {
      throw new IllegalArgumentException(
          "run-id: %s (expected: 1 to 200 letters, digits, '.', '_' or '-')".formatted(runId));
    }
    var settings = new HashMap<String, Object>(client);
    settings.put("default.api.timeout.ms", ADMIN_TIMEOUT_MILLIS);
    settings.put("request.timeout.ms", ADMIN_TIMEOUT_MILLIS);
    return Admin.create(settings);
  }

  private static void await(
      String topic, KafkaFuture<Void> done, String what, Class<? extends Exception> notNeeded) {
    try {
      done.get();
    } catch (ExecutionException e) {
      if (!notNeeded.isInstance(e.getCause())) {
        throw failed(topic, what, e);
      }
    } catch (InterruptedException e) {
      throw interrupted(topic, what, e);
    }
  }

  private static LocalBrokerException failed(String topic, String what, ExecutionException e) {
    return new LocalBrokerException(
        "topic %s could not be %s: %s".formatted(topic, what, e.getMessage()), e);
  }

  private static LocalBrokerException interrupted(
      String topic, String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new LocalBrokerException("interrupted before topic %s was %s".formatted(topic, what), e);
  }
}
