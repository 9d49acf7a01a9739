package org.elasticreset.reward;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.elasticreset.reward.learned.LearnedReward;

/** Ready when the newest version of the reward model that learns is here, where there is one. */
@Readiness
@ApplicationScoped
class LearnedHealth implements HealthCheck {

  private final LearnedStage stage;

  @Inject
  LearnedHealth(LearnedStage stage) {
    this.stage = stage;
  }

  @Override
  public HealthCheckResponse call() {
    var response = HealthCheckResponse.named("learned reward model");
    var reward = stage.reward();
    reward.ifPresent(present -> response.withData("version", present.version()));
    return response.status(reward.map(LearnedReward::isReady).orElse(true)).build();
  }
}
