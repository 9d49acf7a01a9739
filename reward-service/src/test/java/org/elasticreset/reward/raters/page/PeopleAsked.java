package org.elasticreset.reward.raters.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;

/** A broker, and a service that asks ann and bob, and waits two seconds for who has gone. */
public final class PeopleAsked implements QuarkusTestResourceLifecycleManager {

  static final String RUN = "page";

  private LocalBroker broker;
  private Path keys;

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
      Files.writeString(keys, line("ann") + line("bob"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Map.of(
        "kafka.bootstrap.servers", broker.bootstrapServers(),
        "quarkus.http.test-port", "0",
        "reward.run-id", RUN,
        "reward.scorers.good.type", "regex",
        "reward.scorers.good.pattern", "good",
        "reward.raters.enabled", "true",
        "reward.raters.lease", "PT2S",
        "reward.raters.keys", keys.toString());
  }

  private static String line(String name) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(keyOf(name).getBytes(UTF_8));
      return name + " rater " + HexFormat.of().formatHex(digest) + "\n";
    } catch (NoSuchAlgorithmException e) {
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
