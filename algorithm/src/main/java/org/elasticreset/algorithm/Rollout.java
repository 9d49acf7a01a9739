package org.elasticreset.algorithm;

/**
 * A prompt, the response that a policy drew for it, and what it earned. Arrays are copied on the
 * way in and on the way out. T is the number of response tokens.
 *
 * @param id unique within the run
 * @param promptTokens [P] what the policy was conditioned on; may be empty
 * @param responseTokens [T] what was drawn, a stop token included; T ≥ 1
 * @param behaviourLogProbs [T] natural log-probability of each response token under the
 *     distribution that it was drawn from; finite and at most 0
 * @param reward what training maximises, in the unit of the scorer; finite
 * @param scoreRevision of the reward, at least 0: a later score of the same rollout has a higher
 *     one
 * @param policy the policy that drew it
 * @param stopped whether the response ended with a stop token rather than at its greatest length
 */
public record Rollout(
    String id,
    int[] promptTokens,
    int[] responseTokens,
    float[] behaviourLogProbs,
    double reward,
    long scoreRevision,
    PolicyStamp policy,
    boolean stopped) {
  /** Rounding of a sum of exponentials may lift the log-probability of a certain token above 0. */
  private static final float ROUNDING = 1e-3f;

  /**
   * Validates and copies.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public Rollout {
    Require.notBlank("id", id);
    promptTokens = promptTokens.clone();
    responseTokens = responseTokens.clone();
    behaviourLogProbs = behaviourLogProbs.clone();
    Require.that(responseTokens.length > 0, "responseTokens", "empty", "at least one token");
    Require.sameLength(
        "behaviourLogProbs", behaviourLogProbs.length, "responseTokens", responseTokens.length);
    for (float logProb : behaviourLogProbs) {
      Require.finite("behaviourLogProb", logProb);
      Require.that(logProb <= ROUNDING, "behaviourLogProb", logProb, "logProb <= 0");
    }
    Require.finite("reward", reward);
    Require.that(scoreRevision >= 0, "scoreRevision", scoreRevision, "scoreRevision >= 0");
  }

  /** With the score of a scorer that has one word on a rollout and never another. */
  public Rollout(
      String id,
      int[] promptTokens,
      int[] responseTokens,
      float[] behaviourLogProbs,
      double reward,
      PolicyStamp policy,
      boolean stopped) {
    this(id, promptTokens, responseTokens, behaviourLogProbs, reward, 0, policy, stopped);
  }

  @Override
  public int[] promptTokens() {
    return promptTokens.clone();
  }

  @Override
  public int[] responseTokens() {
    return responseTokens.clone();
  }

  @Override
  public float[] behaviourLogProbs() {
    return behaviourLogProbs.clone();
  }

  /**
   * Whether this is the same draw as the other, scored again since. What another policy drew for
   * the same prompt is another draw, however often it was scored.
   */
  public boolean rescores(Rollout other) {
    return id.equals(other.id)
        && policy.equals(other.policy)
        && scoreRevision > other.scoreRevision;
  }

  /** T, the number of response tokens. */
  public int length() {
    return responseTokens.length;
  }
}
