package org.elasticreset.rollout;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.elasticreset.feed.Policies;
import org.elasticreset.model.Precision;

/** Settings without a configuration. */
record TestSettings(String runId, String worker, int threads, Duration policyTimeout)
    implements RolloutSettings {

  static final TestSettings DEFAULT =
      new TestSettings(Policies.RUN, "worker-1", 1, Duration.ofMillis(500));

  @Override
  public int maxBatchSize() {
    return 1024;
  }

  @Override
  public Path model() {
    return Path.of("model");
  }

  @Override
  public Optional<Lora> lora() {
    return Optional.empty();
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT32;
  }

  @Override
  public Precision baseWeights() {
    return Precision.FLOAT32;
  }

  @Override
  public String device() {
    return "auto";
  }

  @Override
  public Optional<SimulatedSettings> simulated() {
    return Optional.empty();
  }

  @Override
  public boolean chat() {
    return false;
  }

  @Override
  public Optional<String> emaService() {
    return Optional.of("localhost:1");
  }

  @Override
  public boolean fixedPolicy() {
    return false;
  }

  @Override
  public Tls tls() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Duration fetchTimeout() {
    return Duration.ofSeconds(1);
  }

  @Override
  public Duration stopTimeout() {
    return Duration.ofSeconds(1);
  }
}
