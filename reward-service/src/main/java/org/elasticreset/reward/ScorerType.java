package org.elasticreset.reward;

/** Kinds of scorers that settings can name. */
enum ScorerType {
  CLASSIFIER,
  REGEX,
  LENGTH,
  RECEIVER,
  LEARNED,
  /** Nothing but its time, for simulations of scale. */
  SIMULATED;

  /** Whether it says what a model says. */
  boolean isModel() {
    return this == CLASSIFIER || this == RECEIVER || this == LEARNED;
  }
}
