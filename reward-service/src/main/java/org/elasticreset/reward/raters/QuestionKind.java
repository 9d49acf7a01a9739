package org.elasticreset.reward.raters;

/** What people are asked about the responses to one prompt. */
public enum QuestionKind {
  /** Which is better? Needs several responses to a prompt; one that is alone is not asked about. */
  ORDER,
  /** How good is each, on a scale? */
  SCALE,
  /** Is each good? */
  THUMBS
}
