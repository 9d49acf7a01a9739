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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;

/** A broker, and the settings of a service that asks people: ann to ida, and olga who operates. */
public final class AskedPeople implements QuarkusTestResourceLifecycleManager {

  static final String RUN = "people";

  private LocalBroker broker;
  private Path keys;

  /** A key of whoever has this name. */
  static String keyOf(String name) {
    return "key-of-" + name + "-0123456789abcdef";
  }

  @Override
  public Map<String, String> start() {
    broker = LocalBroker.startTemporary();
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
