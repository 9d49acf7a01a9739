package org.elasticreset.algorithm;

/** What becomes of a rollout that a policy from before the last reset drew. */
public enum EarlierEpoch {
  /** Drop it; its prompt is issued again. */
  DROP,
  /** Train on it with importance weights ({@link ImportanceWeights}). */
  IMPORTANCE
}
