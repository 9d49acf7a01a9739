package org.elasticreset.algorithm;

/** Why a rollout is not trained on. */
public enum DropReason {
  /** A rollout of this id has been taken already; work that was issued twice comes back twice. */
  DUPLICATE,
  /** A policy from before the last reset drew it, and the setting is to drop those. */
  STALE_EPOCH,
  /** No admitted step waits for this id. */
  UNKNOWN
}
