package org.elasticreset.algorithm;

import java.util.List;

/**
 * What a trigger remembers between updates. A trigger that finds another's memory, since the run
 * goes on with other settings, begins with its own.
 */
public sealed interface TriggerMemory {
  /** Nothing: of a trigger that needs nothing, or at the beginning. */
  record Nothing() implements TriggerMemory {}

  /** A drift budget has fired, and does not fire again before the drift was low. */
  record Disarmed() implements TriggerMemory {}

  /** The newest steps since the last reset, oldest first; see {@link RewardPlateau}. */
  record Steps(List<Step> steps) implements TriggerMemory {
    /** Copies. */
    public Steps {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step as its rollouts have it.
   *
   * @param reward mean
   * @param klNats drift of the policy that drew them, nats per sequence
   */
  record Step(double reward, double klNats) {}

  /**
   * A cycle from one reset to the next, as evaluations have it; see {@link MarginalValue}.
   *
   * @param initial the evaluation of the initial policy, where averages start
   * @param begin where the cycle began: what the last reset kept, or the initial policy
   * @param average what a reset would keep now
   * @param reward of the newest evaluation
   * @param distance of the newest evaluation
   * @param updates in the average at the newest evaluation
   * @param evaluations in the cycle
   * @param initialShare of the average
   * @param bestAtLeast a lower bound of the cycle's best gain kept per distance
   */
  record Cycle(
      Kept initial,
      Kept begin,
      Kept average,
      double reward,
      double distance,
      long updates,
      int evaluations,
      double initialShare,
      double bestAtLeast)
      implements TriggerMemory {}

  /**
   * Reward and distance of a policy.
   *
   * @param variance of the reward's error
   * @param distance √KL
   */
  record Kept(double reward, double variance, double distance) {}
}
