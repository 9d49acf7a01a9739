package org.elasticreset.rating;

/** What becomes of a request that too few people have answered at its deadline. */
public enum Fallback {
  /** The score of the model stands in, whatever a few raters said. */
  MODEL_SCORE,
  /** The answers that are there decide; without any, the score of the model. */
  ANSWERS_SO_FAR,
  /** It is dropped: the learner misses its rollouts and issues their prompts again. */
  READMIT,
  /** It waits on. The step waits with it. */
  WAIT
}
