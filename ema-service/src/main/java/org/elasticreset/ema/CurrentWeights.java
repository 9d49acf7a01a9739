package org.elasticreset.ema;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means: there is a policy to fetch. */
@Readiness
@ApplicationScoped
class CurrentWeights implements HealthCheck {

  private final EmaService service;

  CurrentWeights(EmaService service) {
    this.service = service;
  }

  @Override
  public HealthCheckResponse call() {
    var view = service.policy().view();
    return HealthCheckResponse.named("current-weights")
        .status(view.newest().isPresent())
        .withData("version", view.version())
        .withData("reset_epoch", view.reset().resetEpoch())
        .build();
  }
}
