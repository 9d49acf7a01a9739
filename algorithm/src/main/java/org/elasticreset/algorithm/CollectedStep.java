package org.elasticreset.algorithm;

import java.util.List;

/**
 * The rollouts of one training step, complete.
 *
 * @param step from 1
 * @param rollouts in the order in which they were admitted, whatever order they arrived in
 * @param stalenessMax published versions by which the oldest of them is behind the policy that is
 *     trained
 * @param fromEarlierEpoch ids of those that a policy from before the last reset drew; in admitted
 *     order, and empty where those are dropped
 * @param fromOlderPolicy ids of those that another policy than the one that is trained drew, those
 *     of an earlier epoch among them; in admitted order
 */
public record CollectedStep(
    long step,
    List<Rollout> rollouts,
    long stalenessMax,
    List<String> fromEarlierEpoch,
    List<String> fromOlderPolicy) {
  /** Copies. */
  public CollectedStep {
    rollouts = List.copyOf(rollouts);
    fromEarlierEpoch = List.copyOf(fromEarlierEpoch);
    fromOlderPolicy = List.copyOf(fromOlderPolicy);
  }
}
