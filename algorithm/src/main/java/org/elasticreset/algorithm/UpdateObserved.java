package org.elasticreset.algorithm;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An update of the policy, as the one who decides on resets sees it.
 *
 * @param step the training step it belongs to; 0 is the initial policy, which is no update of the
 *     average and never followed by a reset
 * @param published whether it publishes a version. Updates within a training step do not, and no
 *     reset follows them, so that a reset never falls inside PPO's epochs.
 * @param klToInitialNats drift in nats per sequence of the policy that made the step's rollouts;
 *     empty where it was not measured, or where those rollouts are from before the last reset and
 *     so say nothing about this policy
 * @param rewardMean mean reward of those rollouts; empty where the drift is
 * @param evaluation the newest evaluation, with the first update behind it
 */
public record UpdateObserved(
    long step,
    boolean published,
    OptionalDouble klToInitialNats,
    OptionalDouble rewardMean,
    Optional<EvaluatedPolicy> evaluation) {
  /** Of which no more than its drift is known. */
  public UpdateObserved(long step, boolean published, OptionalDouble klToInitialNats) {
    this(step, published, klToInitialNats, OptionalDouble.empty(), Optional.empty());
  }

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the step is negative or the drift is not finite
   */
  public UpdateObserved {
    Require.notNegative("step", step);
    klToInitialNats.ifPresent(nats -> Require.finite("klToInitialNats", nats));
    rewardMean.ifPresent(reward -> Require.finite("rewardMean", reward));
  }
}
