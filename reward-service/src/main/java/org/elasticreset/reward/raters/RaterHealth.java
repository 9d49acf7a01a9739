package org.elasticreset.reward.raters;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Down once the desk has given up: nothing but a new process brings it back. */
@Liveness
@ApplicationScoped
class RaterHealth implements HealthCheck {
  private final RaterStage raters;

  RaterHealth(RaterStage raters) {
    this.raters = raters;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("rating desk").status(raters.isAlive()).build();
  }
}
