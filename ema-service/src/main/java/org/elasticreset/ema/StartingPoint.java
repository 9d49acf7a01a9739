package org.elasticreset.ema;

/** Where a run goes on that a learner opens. */
sealed interface StartingPoint {

  /** Behind the newest update that was taken; its version is released if it was held. */
  record InMemory() implements StartingPoint {}

  /**
   * Behind an earlier one, or in another life of the service.
   *
   * @param initial θ₀
   */
  record OnDisk(Snapshot snapshot, Weights initial) implements StartingPoint {}

  /** At the initial policy, which has still to be uploaded. */
  record Beginning() implements StartingPoint {}
}
