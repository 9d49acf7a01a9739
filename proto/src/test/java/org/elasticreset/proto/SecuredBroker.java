package org.elasticreset.proto;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.broker.KafkaTopics;

/**
 * A broker that asks for TLS, a password and a right: SASL_SSL with SCRAM, and the access of {@code
 * docs/security.md}. Its administrator comes in by a plaintext door on the loopback interface.
 */
public final class SecuredBroker implements QuarkusTestResourceLifecycleManager {

  static final String LEARNER_PASSWORD = "learner-Pa55w0rd-8d1f";
  static final String LAUNCHER_PASSWORD = "launcher-Pa55w0rd-41ab";
  static final String WORKER_PASSWORD = "worker-Pa55w0rd-c07e";

  private final Path directory = temporaryDirectory();
  private final TestAuthority authority = new TestAuthority(directory, "kafka");
  private final int clients = freePort();
  private final int administrator = freePort();
  private final KafkaRaftServer server = startServer();

  /** The channels of the test run as the rollout-service. */
  @Override
  public Map<String, String> start() {
    String door = "127.0.0.1:" + administrator;
    KafkaTopics.create(door, "test-run");
    try (var admin = Admin.create(Map.of("bootstrap.servers", door))) {
      admin
          .alterUserScramCredentials(
              List.of(
                  user("learner", LEARNER_PASSWORD),
                  user("worker", WORKER_PASSWORD),
                  user("launcher", LAUNCHER_PASSWORD)))
          .all()
          .get();
      admin.createAcls(rights()).all().get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    var properties = new HashMap<String, String>();
    client("worker", WORKER_PASSWORD)
        .forEach((key, value) -> properties.put("kafka." + key, value));
    properties.put("secured.bootstrap", "localhost:" + clients);
    properties.put("secured.authority", authority.certificate().toString());
    return properties;
  }

  /** What a client of Kafka has to be told, as docs/security.md says. */
  private Map<String, String> client(String user, String password) {
    return client("localhost:" + clients, authority.certificate().toString(), user, password);
  }

  static Map<String, String> client(
      String bootstrapServers, String authority, String user, String password) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers,
        "security.protocol",
        "SASL_SSL",
        "ssl.truststore.type",
        "PEM",
        "ssl.truststore.location",
        authority,
        "sasl.mechanism",
        "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
            .formatted(user, password));
  }

  private static UserScramCredentialUpsertion user(String name, String password) {
    return new UserScramCredentialUpsertion(
        name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), password);
  }

  private static List<AclBinding> rights() {
    var rights = new ArrayList<AclBinding>();
    rights.add(right("learner", AclOperation.WRITE, ResourceType.TOPIC, "test-run.prompts"));
    rights.add(right("worker", AclOperation.READ, ResourceType.TOPIC, "test-run.prompts"));
    rights.add(right("worker", AclOperation.WRITE, ResourceType.TOPIC, "test-run.dead-letters"));
    rights.add(right("worker", AclOperation.READ, ResourceType.GROUP, "test-run.poison-test"));
    for (var topic : KafkaTopics.declared()) {
      rights.add(
          right("launcher", AclOperation.CREATE, ResourceType.TOPIC, "other-run." + topic.name()));
    }
    return rights;
  }

  private static AclBinding right(
      String user, AclOperation operation, ResourceType type, String name) {
    return new AclBinding(
        new ResourcePattern(type, name, PatternType.LITERAL),
        new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW));
  }

  private KafkaRaftServer startServer() {
    try {
      format();
      var started = new KafkaRaftServer(KafkaConfig.fromProps(settings(), false), Time.SYSTEM);
      started.startup();
      return started;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Properties settings() throws IOException {
    int controller = freePort();
    var own = authority.issue("broker");
    var settings = new Properties();
    settings.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "controller.quorum.voters", "1@127.0.0.1:" + controller,
            "listeners",
                "SASL_SSL://127.0.0.1:%d,DOOR://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                    .formatted(clients, administrator, controller),
            "advertised.listeners",
                "SASL_SSL://localhost:%d,DOOR://127.0.0.1:%d".formatted(clients, administrator),
            "listener.security.protocol.map",
                "SASL_SSL:SASL_SSL,DOOR:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names", "CONTROLLER",
            "inter.broker.listener.name", "DOOR",
            "log.dirs", directory.resolve("data").toString(),
            "auto.create.topics.enable", "false"));
    settings.putAll(
        Map.of(
            "sasl.enabled.mechanisms", "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "ssl.keystore.type", "PEM",
            "ssl.keystore.location", keyStore(own).toString(),
            "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users", "User:ANONYMOUS",
            "offsets.topic.num.partitions", "1",
            "offsets.topic.replication.factor", "1",
            "group.initial.rebalance.delay.ms", "0",
            "log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20)));
    return settings;
  }

  /** Kafka wants key and certificate in one file. */
  private Path keyStore(TestAuthority.Identity own) throws IOException {
    return Files.writeString(
        directory.resolve("keystore.pem"),
        Files.readString(own.key()) + Files.readString(own.certificate()));
  }

  private void format() throws Exception {
    String data = directory.resolve("data").toString();
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(1)
        .setClusterId(Uuid.randomUuid().toString())
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setControllerListenerName("CONTROLLER")
        .setDirectories(List.of(data))
        .setMetadataLogDirectory(data)
        .run();
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("secured-broker");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {
    server.shutdown();
    server.awaitShutdown();
    try (var files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
