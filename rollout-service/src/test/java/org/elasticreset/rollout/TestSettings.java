package org.elasticreset.rollout;

import java.nio.file.Path;
import java.time.Duration;

/** Settings without a configuration. */
record TestSettings(String runId, String worker, int threads, Duration policyTimeout)
    implements RolloutSettings {

  static final TestSettings DEFAULT =
      new TestSettings(Policies.RUN, "worker-1", 1, Duration.ofMillis(500));

  @Override
  public Path model() {
    return Path.of("model");
  }

  @Override
  public String emaService() {
    return "localhost:1";
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
