package org.elasticreset.reward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.ScoredRollout;

/** What the reward-service counts. */
final class RewardMetrics {

  private final Counter rollouts;
  private final Timer scoring;
  private volatile double mean = Double.NaN;
  private final Map<RejectReason, Counter> rejected = new EnumMap<>(RejectReason.class);

  RewardMetrics(MeterRegistry registry) {
    rollouts = Counter.builder("reward.rollouts").description("Rollouts scored").register(registry);
    scoring =
        Timer.builder("reward.scoring").description("Time to score a batch").register(registry);
    // No summary, which would leave out what is below 0, as logits may be.
    Gauge.builder("reward.mean", () -> mean)
        .description("Mean reward of the newest batch")
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

  void scored(List<ScoredRollout> scored, long nanos) {
    rollouts.increment(scored.size());
    scored.stream()
        .mapToDouble(ScoredRollout::getReward)
        .average()
        .ifPresent(ofBatch -> mean = ofBatch);
    scoring.record(nanos, TimeUnit.NANOSECONDS);
  }

  void rejected(RejectReason reason) {
    Counter counter = rejected.get(reason);
    if (counter != null) {
      counter.increment();
    }
  }
}
