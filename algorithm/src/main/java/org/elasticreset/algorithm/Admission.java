package org.elasticreset.algorithm;

/**
 * Which training steps may start generating. The prompts of step s are issued once the policy of
 * step s − 1 − maxStaleness is published; the initial policy is the policy of step 0.
 *
 * @param maxStaleness updates by which the policy that generates a step may be behind the policy
 *     that the step trains: 0 is on-policy, as in the paper; 1 overlaps generation with learning
 */
public record Admission(int maxStaleness) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if negative
   */
  public Admission {
    Require.notNegative("maxStaleness", maxStaleness);
  }

  /**
   * Whether the prompts of a step may be issued.
   *
   * @param step from 1
   * @param publishedStep the newest step whose policy is published, from 0
   */
  public boolean admits(long step, long publishedStep) {
    return step <= newestAdmissible(publishedStep);
  }

  /**
   * The newest step whose prompts may be issued once the policy of {@code publishedStep} is out.
   */
  public long newestAdmissible(long publishedStep) {
    Require.notNegative("publishedStep", publishedStep);
    return publishedStep + 1 + maxStaleness;
  }
}
