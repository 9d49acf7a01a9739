package org.elasticreset.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka broker with its controller, inside this process, for a run on one machine and for
 * tests.
 *
 * <p>It listens on the loopback interface only, without encryption or passwords. Its data survive
 * in the directory it was started on; topics are never created by being used, see {@link
 * KafkaTopics}.
 *
 * <p>A Quarkus test gets a broker with the topics of a run from ten lines of its own:
 *
 * <pre>{@code
 * public final class Broker implements QuarkusTestResourceLifecycleManager {
 *   private final LocalBroker broker = LocalBroker.startTemporary();
 *   public Map<String, String> start() {
 *     KafkaTopics.create(broker.bootstrapServers(), "test-run");
 *     return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
 *   }
 *   public void stop() { broker.close(); }
 * }
 * }</pre>
 */
public final class LocalBroker implements AutoCloseable {

  private static final String ADDRESS = "127.0.0.1";
  private static final int NODE_ID = 1;

  /** Held here because java.util.logging forgets the level of a logger that nobody holds. */
  private static final List<Logger> SERVER_LOGGERS =
      Stream.of(
              "kafka",
              "state.change.logger",
              "org.apache.kafka.controller",
              "org.apache.kafka.coordinator",
              "org.apache.kafka.image",
              "org.apache.kafka.metadata",
              "org.apache.kafka.network",
              "org.apache.kafka.queue",
              "org.apache.kafka.raft",
              "org.apache.kafka.server",
              "org.apache.kafka.snapshot",
              "org.apache.kafka.storage",
              "org.apache.kafka.common.config",
              "org.apache.kafka.common.metrics",
              "org.apache.kafka.common.utils.AppInfoParser")
          .map(Logger::getLogger)
          .toList();

  private final KafkaRaftServer server;
  private final int port;
  private final Path directory;
  private final FileChannel lock;
  private final boolean temporary;

  private LocalBroker(
      KafkaRaftServer server, int port, Path directory, FileChannel lock, boolean temporary) {
    this.server = server;
    this.port = port;
    this.directory = directory;
    this.lock = lock;
    this.temporary = temporary;
  }

  /**
   * Starts a broker on a directory, which is created and formatted if it is new.
   *
   * @param directory where topics and metadata live; one broker at a time
   * @param port port to listen on; 0 picks a free one
   * @throws LocalBrokerException if the port is taken, the directory is in use or not writable, or
   *     the broker does not start
   */
  public static LocalBroker start(Path directory, int port) {
    return start(directory, port, false, Map.of());
  }

  /** Starts a broker on a free port and a directory that is deleted when the broker is closed. */
  public static LocalBroker startTemporary() {
    return startTemporary(Map.of());
  }

  /**
   * As {@link #startTemporary()}.
   *
   * @param more settings of Kafka beside ours, such as an authorizer
   */
  public static LocalBroker startTemporary(Map<String, String> more) {
    try {
      return start(Files.createTempDirectory("elastic-reset-broker"), 0, true, more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static LocalBroker start(
      Path directory, int port, boolean temporary, Map<String, String> more) {
    if (port < 0 || port > 65535) {
      throw new LocalBrokerException(
          "kafka port: " + port + " (expected: 0 to 65535, 0 for any free port)", null);
    }
    for (var logger : SERVER_LOGGERS) {
      logger.setLevel(Level.WARNING);
    }
    int brokerPort = port == 0 ? freePort() : requireFree(port);
    var settings = settings(directory, brokerPort, freePortBeside(brokerPort));
    settings.putAll(more);
    var config = KafkaConfig.fromProps(settings, false);
    var lock = lock(directory);
    try {
      format(directory);
      var server = startServer(config);
      return new LocalBroker(server, brokerPort, directory, lock, temporary);
    } catch (RuntimeException e) {
      close(lock);
      throw e instanceof LocalBrokerException readable
          ? readable
          : new LocalBrokerException(
              "the Kafka broker did not start on " + directory + ": " + e.getMessage(), e);
    }
  }

  private static KafkaRaftServer startServer(KafkaConfig config) {
    var server = new KafkaRaftServer(config, Time.SYSTEM);
    try {
      server.startup();
      return server;
    } catch (RuntimeException e) {
      server.shutdown();
      throw e;
    }
  }

  /** The address for clients, {@code host:port}. */
  public String bootstrapServers() {
    return ADDRESS + ":" + port;
  }

  /** Where topics and metadata live. */
  Path directory() {
    return directory;
  }

  /** Stops the broker and waits until its data are on disk. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    close(lock);
    if (temporary) {
      delete(directory);
    }
  }

  private static Properties settings(Path directory, int port, int controllerPort) {
    var settings = new Properties();
    settings.setProperty("process.roles", "broker,controller");
    settings.setProperty("node.id", String.valueOf(NODE_ID));
    settings.setProperty(
        "controller.quorum.voters", NODE_ID + "@" + ADDRESS + ":" + controllerPort);
    settings.setProperty(
        "listeners",
        "PLAINTEXT://%s:%d,CONTROLLER://%s:%d".formatted(ADDRESS, port, ADDRESS, controllerPort));
    settings.setProperty("controller.listener.names", "CONTROLLER");
    settings.setProperty(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.setProperty("log.dirs", directory.toString());
    settings.setProperty("auto.create.topics.enable", "false");
    // Consumers of a new group start at once instead of waiting for company.
    settings.setProperty("group.initial.rebalance.delay.ms", "0");
    for (var internal : List.of("offsets.topic", "transaction.state.log")) {
      settings.setProperty(internal + ".num.partitions", "1");
      settings.setProperty(internal + ".replication.factor", "1");
    }
    settings.setProperty("transaction.state.log.min.isr", "1");
    settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
    settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
    settings.setProperty("share.coordinator.state.topic.min.isr", "1");
    // An evaluation's samples travel in one event. A request of several records stays below twice
    // that; the 100 MiB that are the default would go through the memory of this process.
    settings.setProperty("message.max.bytes", String.valueOf(16 << 20));
    settings.setProperty("socket.request.max.bytes", String.valueOf(32 << 20));
    // The process is shared: few threads, and not the 128 MiB that the cleaner takes by default.
    settings.setProperty("num.network.threads", "2");
    settings.setProperty("num.io.threads", "2");
    settings.setProperty("background.threads", "2");
    settings.setProperty("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    return settings;
  }

  /** Kafka ends the process when it finds a directory in use; this asks before. */
  private static FileChannel lock(Path directory) {
    try {
      Files.createDirectories(directory);
      var channel =
          FileChannel.open(
              directory.resolve("broker.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (tryLock(channel)) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw unusable(directory, e);
    }
    throw new LocalBrokerException(
        "kafka directory: %s (expected: a directory that no running broker uses)"
            .formatted(directory),
        null);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static void close(FileChannel lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void format(Path directory) {
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setNodeId(NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setControllerListenerName("CONTROLLER")
          .setDirectories(List.of(directory.toString()))
          .setMetadataLogDirectory(directory.toString())
          .run();
    } catch (Exception e) {
      throw unusable(directory, e);
    }
  }

  private static LocalBrokerException unusable(Path directory, Exception cause) {
    return new LocalBrokerException(
        "kafka directory: %s (expected: a directory that can be written; %s)"
            .formatted(directory, cause),
        cause);
  }

  private static int requireFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(ADDRESS, port));
      return port;
    } catch (IOException e) {
      throw new LocalBrokerException(
          "kafka port: %d (expected: a free port on %s; stop what listens there, or choose another)"
              .formatted(port, ADDRESS),
          e);
    }
  }

  /** The system may give the port again that it just gave. */
  private static int freePortBeside(int taken) {
    int port = freePort();
    while (port == taken) {
      port = freePort();
    }
    return port;
  }

  private static int freePort() {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(ADDRESS, 0));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (var files = Files.walk(directory)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
