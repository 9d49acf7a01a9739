package org.elasticreset.rollout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.model.Generation;

/** What the worker counts. */
final class RolloutMetrics {

  private final Counter tokens;
  private final Counter rollouts;
  private final Counter batches;
  private final Timer generation;
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);

  RolloutMetrics(MeterRegistry registry) {
    tokens = counter(registry, "rollout.tokens", "Response tokens generated");
    rollouts = counter(registry, "rollout.rollouts", "Rollouts generated");
    batches = counter(registry, "rollout.batches", "Batches generated");
    generation =
        Timer.builder("rollout.generation")
            .description("Time to generate a batch")
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
