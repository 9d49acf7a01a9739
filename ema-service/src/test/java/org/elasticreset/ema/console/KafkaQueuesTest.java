package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real broker says of the queues, and what it refuses to say. */
class KafkaQueuesTest {

  private static LocalBroker broker;
  private static Map<String, Object> client;

  @BeforeAll
  static void startBroker() {
    broker =
        LocalBroker.startTemporary(
            Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "true"));
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void countsWhatWaitsAndWhoIsThere() throws Exception {
    KafkaTopics.create(broker.bootstrapServers(), "counted");
    send("counted.prompts", 7);
    send("counted.rollouts", 3);
    try (var worker = consumer("counted.rollout-service");
        var queues = new KafkaQueues("counted", client)) {
      worker.subscribe(List.of("counted.prompts"));
      while (worker.assignment().isEmpty()) {
        worker.poll(Duration.ofMillis(100));
      }
      worker.commitSync(Map.of(new TopicPartition("counted.prompts", 0), new OffsetAndMetadata(2)));

      Reading reading = queues.read(5);

      assertThat(reading)
          .isEqualTo(
              new Reading(
                  5,
                  Map.of("prompts", 7L, "rollouts", 3L, "scored-rollouts", 0L),
                  Map.of(Stage.GENERATION, 5L, Stage.SCORING, 3L),
                  Map.of(Stage.GENERATION, 1, Stage.SCORING, 0),
                  ""));
    }
  }

  @Test
  void whatTheBrokerRefusesIsSaidAndTheRestIsKnown() throws Exception {
    KafkaTopics.create(broker.bootstrapServers(), "refused");
    send("refused.prompts", 7);
    try (var admin = Admin.create(client)) {
      admin
          .createAcls(
              List.of(
                  noDescribing(ResourceType.GROUP, "refused.rollout-service"),
                  noDescribing(ResourceType.TOPIC, "refused.rollouts")))
          .all()
          .get();
    }
    try (var queues = new KafkaQueues("refused", client)) {
      Reading reading = queues.read(0);

      assertThat(reading.ends()).isEqualTo(Map.of("prompts", 7L, "scored-rollouts", 0L));
      assertThat(reading.waiting()).isEmpty();
      assertThat(reading.trouble())
          .contains("group refused.rollout-service: the broker refuses")
          .contains("topic refused.rollouts: the broker refuses");
    }
  }

  @Test
  void runWithoutTopicsIsNotThereYet() throws Exception {
    try (var queues = new KafkaQueues("nowhere", client)) {
      Reading reading = queues.read(0);

      assertThat(reading.ends()).isEmpty();
      assertThat(reading.trouble()).contains("topic nowhere.prompts: not there yet");
    }
  }

  private static AclBinding noDescribing(ResourceType type, String name) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry(
            "User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.DENY));
  }

  private static void send(String topic, int count) throws Exception {
    try (var producer =
        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < count; i++) {
        producer.send(new ProducerRecord<>(topic, 0, "key", "value")).get();
      }
    }
  }

  private static KafkaConsumer<String, String> consumer(String group) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "group.id",
            group,
            "enable.auto.commit",
            false),
        new StringDeserializer(),
        new StringDeserializer());
  }
}
