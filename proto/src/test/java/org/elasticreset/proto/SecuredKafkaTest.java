package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.proto.v1.PromptBatch;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channels of a service over TLS, with a password and only its own rights. */
@QuarkusTest
@TestProfile(SecuredKafkaTest.Secured.class)
class SecuredKafkaTest {

  @Inject PoisonMessageTest.Consumer consumer;

  @ConfigProperty(name = "secured.bootstrap")
  String bootstrapServers;

  @ConfigProperty(name = "secured.authority")
  String authority;

  private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
  private final Handler log = new Lines();

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(log);
  }

  @AfterEach
  void hush() {
    Logger.getLogger("").removeHandler(log);
  }

  @Test
  void serviceReadsOverTlsWithItsPassword() throws Exception {
    send("learner", SecuredBroker.LEARNER_PASSWORD, "test-run.prompts");

    assertThat(consumer.received.poll(30, TimeUnit.SECONDS)).isEqualTo("train-1-1");
    assertThat(logged).isNotEmpty().noneMatch(line -> line.contains("Pa55w0rd"));
  }

  /** As a client's error may quote its settings. */
  @Test
  void settingsThatAreShownHidePasswords() {
    var settings =
        new HashMap<String, Object>(
            SecuredBroker.client(bootstrapServers, authority, "worker", "Pa55w0rd"));
    settings.put("key.serializer", StringSerializer.class);
    settings.put("value.serializer", StringSerializer.class);

    assertThat(new ProducerConfig(settings).values().toString())
        .contains("sasl.jaas.config=[hidden]")
        .doesNotContain("Pa55w0rd");
  }

  @Test
  void wrongPasswordIsRefusedInWords() {
    assertThatThrownBy(() -> send("learner", "wrong", "test-run.prompts"))
        .hasRootCauseInstanceOf(SaslAuthenticationException.class)
        .hasMessageContaining("invalid credentials");
    assertThat(logged)
        .anyMatch(line -> line.contains("invalid credentials"))
        .noneMatch(line -> line.contains("Pa55w0rd"));
  }

  @Test
  void whoStartsARunCreatesItsTopicsWithAPassword() {
    var launcher =
        SecuredBroker.client(
            bootstrapServers, authority, "launcher", SecuredBroker.LAUNCHER_PASSWORD);

    KafkaTopics.create(launcher, "other-run");

    assertThatThrownBy(() -> KafkaTopics.create(launcher, "foreign-run"))
        .hasMessageContaining("could not be created")
        .hasMessageContaining("TopicAuthorizationException");
  }

  @Test
  void workerMayNotIssuePrompts() {
    assertThatThrownBy(() -> send("worker", SecuredBroker.WORKER_PASSWORD, "test-run.prompts"))
        .hasRootCauseInstanceOf(TopicAuthorizationException.class)
        .hasMessageContaining("Not authorized to access topics: [test-run.prompts]");
  }

  private void send(String user, String password, String topic) throws Exception {
    var settings =
        new HashMap<String, Object>(
            SecuredBroker.client(bootstrapServers, authority, user, password));
    settings.put("max.block.ms", 20_000);
    var batch = PromptBatch.newBuilder().setRunId("test-run").setBatchId("train-1-1").build();
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, "key", batch.toByteArray())).get();
    }
  }

  /** Of this test alone: the broker of the other one is not started. */
  public static final class Secured implements QuarkusTestProfile {

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(SecuredBroker.class));
    }

    @Override
    public boolean disableGlobalTestResources() {
      return true;
    }
  }

  private final class Lines extends Handler {

    @Override
    public void publish(LogRecord event) {
      logged.add(
          event instanceof ExtLogRecord formatted
              ? formatted.getFormattedMessage()
              : String.valueOf(event.getMessage()));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
