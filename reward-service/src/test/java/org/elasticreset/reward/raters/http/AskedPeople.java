package org.elasticreset.reward.raters.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.checkpoint.DurableFiles;

/** A broker, and the settings of a service that asks people: ann to ida, and olga who operates. */
public final class AskedPeople implements QuarkusTestResourceLifecycleManager {

  static final String RUN = "people";

  private final Optional<Path> directory;
  private LocalBroker broker;
  private Path keys;
  private boolean away;

  /** With a broker that leaves nothing behind. */
  public AskedPeople() {
    this.directory = Optional.empty();
  }

  /** With a broker whose topics stay in a directory. */
  AskedPeople(Path directory) {
    this.directory = Optional.of(directory);
  }

  /** Stops the broker, or starts it again where it was. */
  void toggle() {
    if (away) {
      String address = broker.bootstrapServers();
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      broker = LocalBroker.start(directory.orElseThrow(), port);
    } else {
      broker.close();
    }
    away = !away;
  }

  /** A key of whoever has this name. */
  static String keyOf(String name) {
    return "key-of-" + name + "-0123456789abcdef";
  }

  @Override
  public Map<String, String> start() {
    broker =
        directory.map(there -> LocalBroker.start(there, 0)).orElseGet(LocalBroker::startTemporary);
    KafkaTopics.create(broker.bootstrapServers(), RUN);
    KafkaTopics.createForPeople(Map.of("bootstrap.servers", broker.bootstrapServers()), RUN);
    try {
      keys = Files.createTempFile("raters", ".keys");
      Files.writeString(
          keys,
          "# who may rate\n"
              + Stream.of("ann", "bob", "cyd", "dot", "eve", "fay", "gus", "hal", "ida")
                  .map(name -> line(name, "rater"))
                  .collect(Collectors.joining())
              + line("olga", "operator"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var settings = new HashMap<String, String>();
    settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
    settings.put("quarkus.http.test-port", "0");
    settings.put("reward.run-id", RUN);
    settings.put("reward.scorers.good.type", "regex");
    settings.put("reward.scorers.good.pattern", "good");
    settings.put("reward.raters.enabled", "true");
    settings.put("reward.raters.keys", keys.toString());
    settings.put("reward.raters.ratings-per-minute", "30");
    settings.put("reward.raters.grpc.port", "0");
    return settings;
  }

  private static String line(String name, String role) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(keyOf(name).getBytes(UTF_8));
      return name + " " + role + " " + HexFormat.of().formatHex(digest) + "\n";
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void stop() {
    Objects.requireNonNull(broker).close();
    try {
      Files.deleteIfExists(Objects.requireNonNull(keys));
      if (directory.isPresent()) {
        DurableFiles.delete(directory.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
