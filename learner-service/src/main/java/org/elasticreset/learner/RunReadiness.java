package org.elasticreset.learner;

import jakarta.inject.Singleton;
import java.util.Locale;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the policy is loaded and the ema-service serves its first version. */
@Readiness
@Singleton
class RunReadiness implements HealthCheck {

  private final TrainingRun run;

  RunReadiness(TrainingRun run) {
    this.run = run;
  }

  @Override
  public HealthCheckResponse call() {
    TrainingProgress progress = run.progress();
    return HealthCheckResponse.named("run opened")
        .status(progress.isRunOpened())
        .withData("step", progress.step())
        .withData("policy_version", progress.newest().version())
        .withData("phase", progress.phase().name().toLowerCase(Locale.ROOT))
        .build();
  }
}
