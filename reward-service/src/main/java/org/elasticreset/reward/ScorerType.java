package org.elasticreset.reward;

/** Kinds of scorers that settings can name. */
enum ScorerType {
  CLASSIFIER,
  REGEX,
  LENGTH,
  RECEIVER,
  LEARNED
}
