package org.elasticreset.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.model.Generation;
import org.elasticreset.proto.v1.PolicyVersion;

/** What the worker counts. */
final class RolloutMetrics {

  private final Counter tokens;
  private final Counter rollouts;
  private final Counter batches;
  private final Timer generation;
  private final Timer fetch;
  private final Counter fetchedBytes;
  private final Counter fetchFailures;
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);
  private volatile PolicyVersion adopted = PolicyVersion.getDefaultInstance();

  RolloutMetrics(MeterRegistry registry) {
    tokens = counter(registry, "rollout.tokens", "Response tokens generated");
    rollouts = counter(registry, "rollout.rollouts", "Rollouts generated");
    batches = counter(registry, "rollout.batches", "Batches generated");
    generation =
        Timer.builder("rollout.generation")
            .description("Time to generate a batch")
            .register(registry);
    fetch = Timer.builder("policy.fetch").description("Time to fetch a policy").register(registry);
    fetchedBytes = counter(registry, "policy.fetch.bytes", "Weights fetched");
    fetchFailures = counter(registry, "policy.fetch.failures", "Fetches that failed");
    Gauge.builder("policy.version", () -> adopted.getVersion())
        .description("Version that generates")
        .register(registry);
    Gauge.builder("reset.epoch", () -> adopted.getResetEpoch())
        .description("Resets before the version that generates")
        .register(registry);
    for (RejectReason reason : RejectReason.values()) {
      rejected.put(
          reason,
          Counter.builder("dead.letters")
              .description("Messages put to the dead letters")
              .tag("reason", reason.label())
              .register(registry));
    }
  }

  void generated(List<Generation> generations, long nanos) {
    batches.increment();
    rollouts.increment(generations.size());
    tokens.increment(generations.stream().mapToInt(g -> g.responseTokens().length).sum());
    generation.record(nanos, TimeUnit.NANOSECONDS);
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

  void rejected(RejectReason reason) {
    Counter counter = rejected.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }

  private static Counter counter(MeterRegistry registry, String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
