package org.elasticreset.evidence;

/** What a front holds between two policies that were evaluated. */
public enum Interpolation {
  /**
   * A straight line. It is not a guess but what one can have: answer each prompt with probability λ
   * by one of the two policies, and with 1 − λ by the other. The reward of that mixture is λ of the
   * way between theirs, and its KL to the initial policy at most λ of the way, since KL is convex
   * in its first argument (Cover and Thomas, Elements of Information Theory, theorem 2.7.2). Of
   * other drifts, perplexity for one, it is a guess, and the usual one.
   */
  LINEAR,
  /**
   * The reward of the evaluated policy below: only what was itself evaluated. It puts an arm with
   * few evaluations, or one that drifts fast between them, at a disadvantage.
   */
  STAIR
}
