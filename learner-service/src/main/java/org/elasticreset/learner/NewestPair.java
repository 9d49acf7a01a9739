package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.elasticreset.learner.EmaService.Opened;
import org.jboss.logging.Logger;

/**
 * The newest checkpoint that is intact and whose other half the ema-service has.
 *
 * @param state where the run stood when it was written
 * @param directory of the weights
 * @param opened how the ema-service goes on from there
 */
record NewestPair(RunState state, Path directory, Opened opened) {

  private static final Logger LOG = Logger.getLogger(NewestPair.class);

  /**
   * Opens the run at the newest pair; empty where there is no checkpoint at all, and the run is not
   * open then.
   *
   * @throws InvalidSettingsException if there are checkpoints, and none is half of a pair
   */
  static Optional<NewestPair> open(
      RunCheckpoints checkpoints,
      EmaService emaService,
      TrainedWeights weights,
      ByteString initialDigest)
      throws InterruptedException {
    List<Long> steps = checkpoints.steps();
    for (long step : steps) {
      var intact = checkpoints.read(step);
      if (intact.isPresent()) {
        RunState state = RunState.of(intact.get().state());
        try {
          Opened opened = emaService.open(weights, initialDigest, Optional.of(state.standing()));
          return Optional.of(new NewestPair(state, intact.get().directory(), opened));
        } catch (ResumeRefusedException e) {
          LOG.warnf(
              "checkpoint without its other half step=%d reason=\"%s\"; trying the one before",
              step, e.getMessage());
        }
      }
    }
    if (steps.isEmpty()) {
      return Optional.empty();
    }
    throw new InvalidSettingsException(
        "learner.checkpoint.directory: no checkpoint of steps %s is intact with its snapshot in the ema-service (expected: one pair; give both services their directories back, or choose another run-id)"
            .formatted(steps));
  }
}
