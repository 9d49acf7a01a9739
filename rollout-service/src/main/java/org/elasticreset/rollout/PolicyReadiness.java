package org.elasticreset.rollout;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.elasticreset.feed.PolicyFollower;

/** Ready means: has current weights. A worker that has fallen behind is not. */
@Readiness
@ApplicationScoped
class PolicyReadiness implements HealthCheck {

  /** A version that was announced a moment ago is being fetched. */
  private static final Duration TOLERANCE = Duration.ofSeconds(30);

  private final PolicyFollower policies;

  @Inject
  PolicyReadiness(PolicyFollower policies) {
    this.policies = policies;
  }

  @Override
  public HealthCheckResponse call() {
    boolean current = policies.isCurrent(TOLERANCE);
    var response =
        HealthCheckResponse.named("current policy")
            .status(current)
            .withData("version", policies.version())
            .withData("newest", policies.newestKnown());
    return (current ? response : response.withData("reason", policies.lastFailure())).build();
  }
}
