package org.elasticreset.reward;

/** What of a classifier is the score: settings name it. */
enum ClassifierOutput {
  /** From 0 to 1, by the kind of problem that the model was trained for. */
  PROBABILITY,
  /** What the model itself says, on no scale in particular. */
  LOGIT
}
