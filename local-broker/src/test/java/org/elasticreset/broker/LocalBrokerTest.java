package org.elasticreset.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalBrokerTest {

  @Test
  void recordsSurviveARestartOnTheSameDirectory(@TempDir Path directory) {
    try (var broker = LocalBroker.start(directory, 0)) {
      KafkaTopics.create(broker.bootstrapServers(), "run");
      send(broker, "run.prompts", "key", "before the restart");
    }

    try (var broker = LocalBroker.start(directory, 0)) {
      KafkaTopics.create(broker.bootstrapServers(), "run");

      assertThat(readAll(broker, "run.prompts", 1)).containsExactly("before the restart");
    }
  }

  /** A broker that is short of processors takes its time between creating and serving. */
  @Test
  void nothingIsLostOfWhatIsWrittenAsSoonAsTopicsAreCreated() {
    try (var broker = LocalBroker.startTemporary()) {
      Map<String, Object> settings =
          Map.of("bootstrap.servers", broker.bootstrapServers(), "batch.size", 500);
      for (int run = 0; run < 10; run++) {
        KafkaTopics.create(broker.bootstrapServers(), "run-" + run);
        try (var producer =
            new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
          for (int i = 0; i < 500; i++) {
            producer.send(new ProducerRecord<>("run-" + run + ".prompts", "key-" + i, "value"));
          }
        }

        assertThat(readAll(broker, "run-" + run + ".prompts", 500)).hasSize(500);
      }
    }
  }

  @Test
  void topicsFollowTheDeclarationAndAreNotCreatedByUse() throws Exception {
    try (var broker = LocalBroker.startTemporary();
        var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      KafkaTopics.create(broker.bootstrapServers(), "my-run");
      KafkaTopics.create(broker.bootstrapServers(), "my-run");

      assertThat(admin.listTopics().names().get())
          .containsExactlyInAnyOrder(
              "my-run.prompts",
              "my-run.rollouts",
              "my-run.scored-rollouts",
              "my-run.policy-versions",
              "my-run.training-events",
              "my-run.dead-letters");
      assertThat(admin.describeTopics(List.of("my-run.prompts")).allTopicNames().get().values())
          .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(8));
      assertThat(setting(admin, "my-run.prompts", "retention.ms")).isEqualTo("86400000");
      assertThat(setting(admin, "my-run.prompts", "cleanup.policy")).isEqualTo("delete");
      assertThat(setting(admin, "my-run.policy-versions", "cleanup.policy")).isEqualTo("compact");
      assertThat(setting(admin, "my-run.rollouts", "max.message.bytes")).isEqualTo("5242880");
      assertThatThrownBy(() -> admin.describeTopics(List.of("other.prompts")).allTopicNames().get())
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void deletedRunLeavesTheTopicsOfOthersAndMayBegin() throws Exception {
    try (var broker = LocalBroker.startTemporary();
        var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      KafkaTopics.create(client, "ppo-1");
      KafkaTopics.createForPeople(client, "ppo-1");
      admin
          .createTopics(List.of(new NewTopic("ppo-1.rating-desk-cases", 1, (short) 1)))
          .all()
          .get();
      KafkaTopics.create(client, "ppo-2");
      send(broker, "ppo-1.prompts", "key", "of the deleted run");

      KafkaTopics.delete(client, "ppo-1");
      KafkaTopics.delete(client, "ppo-1");

      assertThat(topics(admin, KafkaTopics.declared().size()))
          .allMatch(topic -> topic.startsWith("ppo-2."));
      KafkaTopics.create(client, "ppo-1");
      send(broker, "ppo-1.prompts", "key", "of the new run");
      assertThat(readAll(broker, "ppo-1.prompts", 1)).containsExactly("of the new run");
    }
  }

  /**
   * A broker learns a little later than the controller, which has acknowledged, that they are gone.
   */
  private static Set<String> topics(Admin admin, int expected) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    Set<String> topics = admin.listTopics().names().get();
    while (topics.size() != expected && System.nanoTime() < deadline) {
      Thread.sleep(50);
      topics = admin.listTopics().names().get();
    }
    assertThat(topics).hasSize(expected);
    return topics;
  }

  /** A launcher that goes on with a run reads them from the first one, however long ago. */
  @Test
  void trainingEventsAreOnTheDiskBeforeTheyAreAcknowledgedAndStayForEver() throws Exception {
    try (var broker = LocalBroker.startTemporary();
        var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      KafkaTopics.create(broker.bootstrapServers(), "run");

      assertThat(setting(admin, "run.training-events", "retention.ms")).isEqualTo("-1");
      assertThat(setting(admin, "run.training-events", "flush.messages")).isEqualTo("1");
      assertThat(setting(admin, "run.prompts", "flush.messages")).isNotEqualTo("1");
    }
  }

  @Test
  void topicsAreAskedForOnAsManyReplicasAsTheClusterGivesByItself() {
    assertThat(KafkaTopics.declared())
        .allSatisfy(
            topic -> assertThat(topic.ofRun("run").replicationFactor()).isEqualTo((short) -1));
  }

  @Test
  void temporaryDirectoryIsDeletedOnClose() {
    Path directory;
    try (var broker = LocalBroker.startTemporary()) {
      directory = broker.directory();
      assertThat(directory).isDirectory();
    }

    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void busyPortIsNamed(@TempDir Path directory) throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> LocalBroker.start(directory, other.getLocalPort()))
          .isInstanceOf(LocalBrokerException.class)
          .hasMessageStartingWith(
              "kafka port: " + other.getLocalPort() + " (expected: a free port");
    }
  }

  @Test
  void directoryOfARunningBrokerIsRefused(@TempDir Path directory) {
    try (var running = LocalBroker.start(directory, 0)) {
      assertThatThrownBy(() -> LocalBroker.start(directory, 0))
          .isInstanceOf(LocalBrokerException.class)
          .hasMessageContaining(directory.toString());
      KafkaTopics.create(running.bootstrapServers(), "still-there");
    }
  }

  @Test
  void directoryThatIsAFileIsRefused(@TempDir Path directory) throws Exception {
    var file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> LocalBroker.start(file, 0))
        .isInstanceOf(LocalBrokerException.class)
        .hasMessageStartingWith("kafka directory: " + file);
  }

  @Test
  void runIdThatCannotBeATopicNameIsRefused() {
    assertThatThrownBy(() -> KafkaTopics.create("127.0.0.1:1", "my run"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("run-id: my run (expected: 1 to 200 letters");
  }

  private static String setting(Admin admin, String topic, String key) throws Exception {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(key).value();
  }

  private static void send(LocalBroker broker, String topic, String key, String value) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, key, value));
    }
  }

  private static List<String> readAll(LocalBroker broker, String topic, int count) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "test",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      var values = new ArrayList<String>();
      for (int poll = 0; poll < 100 && values.size() < count; poll++) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }
}
