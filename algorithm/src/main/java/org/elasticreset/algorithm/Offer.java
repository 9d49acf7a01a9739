package org.elasticreset.algorithm;

/** What became of a rollout that was offered to a step. */
public sealed interface Offer {
  /**
   * Taken.
   *
   * @param step the training step that it belongs to
   */
  record Accepted(long step) implements Offer {}

  /**
   * Taken, in the place of an earlier score of the same rollout.
   *
   * @param step the training step that it belongs to
   */
  record Replaced(long step) implements Offer {}

  /** Not taken. */
  record Dropped(DropReason reason) implements Offer {}
}
