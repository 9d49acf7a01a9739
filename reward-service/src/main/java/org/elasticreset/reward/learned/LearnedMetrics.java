package org.elasticreset.reward.learned;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.elasticreset.proto.v1.RewardModelVersion;

/** What is counted of a reward model that learns. */
final class LearnedMetrics {

  private final Counter refused;
  private final Counter adopted;
  private final Counter worse;
  private final Counter failed;
  private volatile long pairs;
  private volatile long version;
  private volatile double accuracy = Double.NaN;

  LearnedMetrics(MeterRegistry registry) {
    refused =
        Counter.builder("reward.learner.refused")
            .description("Preferences that could not be used")
            .register(registry);
    adopted = trainings(registry, "adopted");
    worse = trainings(registry, "worse");
    failed = trainings(registry, "failed");
    Gauge.builder("reward.learner.pairs", () -> pairs)
        .description("Pairs to learn from, where this instance trains")
        .register(registry);
    Gauge.builder("reward.model.version", () -> version)
        .description("Version of the reward model that scores here; 0 before the first")
        .register(registry);
    Gauge.builder("reward.model.accuracy", () -> accuracy)
        .description("Its accuracy on held-out pairs when it was trained")
        .register(registry);
  }

  private static Counter trainings(MeterRegistry registry, String outcome) {
    return Counter.builder("reward.learner.trainings")
        .description("Trainings of the reward model here, by what came of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  void refused() {
    refused.increment();
  }

  void pairs(long now) {
    pairs = now;
  }

  void trained(RewardModelVersion trained) {
    (trained.getAdopted() ? adopted : worse).increment();
  }

  void failed() {
    failed.increment();
  }

  void scoresWith(RewardModelVersion adopted) {
    version = adopted.getVersion();
    accuracy = adopted.getAccuracy();
  }
}
