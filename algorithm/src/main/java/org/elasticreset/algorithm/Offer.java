package org.elasticreset.algorithm;

/** What became of a rollout that was offered to a step. */
public sealed interface Offer {
  /**
   * Taken.
   *
   * @param step the training step that it belongs to
   */
  record Accepted(long step) implements Offer {}

  /** Not taken. */
  record Dropped(DropReason reason) implements Offer {}
}
