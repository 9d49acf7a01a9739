package org.elasticreset.batches;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Down for good once a dead letter could not be written: SmallRye's writer has ended then, later
 * ones wait for ever, and nothing but a new process brings it back.
 */
@Liveness
@ApplicationScoped
public class DeadLetterHealth implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(DeadLetterHealth.class);

  private volatile @Nullable Throwable lost;

  /** Watches a dead letter on its way. */
  public CompletionStage<Void> watch(CompletionStage<Void> deadLetter) {
    return deadLetter.whenComplete(
        (written, failure) -> {
          if (failure != null) {
            LOG.errorf("dead letter lost reason=\"%s\"", failure);
            lost = failure;
          }
        });
  }

  @Override
  public HealthCheckResponse call() {
    Throwable failure = lost;
    var response = HealthCheckResponse.named("dead letters").status(failure == null);
    return (failure == null ? response : response.withData("lost", failure.toString())).build();
  }
}
