package org.elasticreset.algorithm;

/** Why a copy of a rollout is not used. */
public enum DropReason {
  /** A copy of it has been taken already; work that was issued twice comes back twice. */
  DUPLICATE,
  /**
   * It was taken, and a later score of the same rollout took its place before its step was taken.
   */
  SUPERSEDED,
  /** A policy from before the last reset drew it, and the setting is to drop those. */
  STALE_EPOCH,
  /** A policy drew it that the run went back behind; see {@link Rollback}. */
  ABANDONED_VERSION,
  /** The policy that drew it is further behind the one that it trains than is allowed. */
  STALE_VERSION,
  /** No admitted step waits for this id. */
  UNKNOWN
}
