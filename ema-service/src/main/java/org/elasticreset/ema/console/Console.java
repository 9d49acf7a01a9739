package org.elasticreset.ema.console;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The console as it is configured: reads the run's events, and knows whose keys count. */
@Startup
@Singleton
class Console {

  private final boolean enabled;
  private final EventLog log;
  private final Optional<ConsoleKeys> keys;
  private final WrongKeys wrongKeys = new WrongKeys(System::nanoTime);
  private final Optional<EventFeed> feed;
  private final QueueWatch queues;

  Console(
      ConsoleConfig config,
      RunControl run,
      @ConfigProperty(name = "quarkus.http.host", defaultValue = "0.0.0.0") String host,
      @Identifier("default-kafka-broker") Map<String, Object> kafka) {
    enabled = config.enabled();
    var learner = new LearnerTime();
    log = new EventLog(run.runId(), learner);
    queues = new QueueWatch(() -> new KafkaQueues(run.runId(), kafka), learner, System::nanoTime);
    if (!enabled) {
      keys = Optional.empty();
      feed = Optional.empty();
      return;
    }
    try {
      keys = config.keys().map(file -> new ConsoleKeys(file, Clock.systemUTC()));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(e.getMessage());
    }
    if (keys.isEmpty() && (run.namesAreProven() || !isLoopback(host))) {
      throw new ConfigurationException(
          "ema.console.enabled: true (expected: ema.console.keys beside it, as %s)"
              .formatted(
                  run.namesAreProven()
                      ? "ema.roles tells operators apart"
                      : "quarkus.http.host is " + host));
    }
    feed = Optional.of(new EventFeed(log, run.runId() + ".training-events", kafka));
  }

  private static boolean isLoopback(String host) {
    var address = new InetSocketAddress(host, 0);
    return !address.isUnresolved() && address.getAddress().isLoopbackAddress();
  }

  boolean isEnabled() {
    return enabled;
  }

  EventLog log() {
    return log;
  }

  /** Nothing where whoever is on this machine comes in. */
  Optional<ConsoleKeys> keys() {
    return keys;
  }

  WrongKeys wrongKeys() {
    return wrongKeys;
  }

  QueueWatch queues() {
    return queues;
  }

  @PreDestroy
  void stop() {
    queues.close();
    feed.ifPresent(EventFeed::close);
  }
}
