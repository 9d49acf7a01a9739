package org.elasticreset.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.elasticreset.proto.v1.PolicyVersion;

/** What is counted of policies that are followed. */
public final class PolicyFeedMetrics {

  private final Timer fetch;
  private final Counter fetchedBytes;
  private final Counter fetchFailures;
  private volatile PolicyVersion adopted = PolicyVersion.getDefaultInstance();

  /** Registers them; one follower a registry. */
  public PolicyFeedMetrics(MeterRegistry registry) {
    fetch = Timer.builder("policy.fetch").description("Time to fetch a policy").register(registry);
    fetchedBytes = counter(registry, "policy.fetch.bytes", "Weights fetched");
    fetchFailures = counter(registry, "policy.fetch.failures", "Fetches that failed");
    Gauge.builder("policy.version", () -> adopted.getVersion())
        .description("Version in the model")
        .register(registry);
    Gauge.builder("reset.epoch", () -> adopted.getResetEpoch())
        .description("Resets before the version in the model")
        .register(registry);
  }

  void fetched(Duration took, long bytes) {
    fetch.record(took);
    fetchedBytes.increment(bytes);
  }

  void fetchFailed() {
    fetchFailures.increment();
  }

  void adopted(PolicyVersion version) {
    adopted = version;
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
