package org.elasticreset.rating;

/** What became of a rating. */
public enum Receipt {
  /** The rater's first answer to the request. */
  TAKEN(true),
  /** It replaces what the rater said before. */
  REVISED(true),
  /** What the rater said before no longer counts. */
  WITHDRAWN(true),
  /** The same revision came before. */
  DUPLICATE(false),
  /** A later revision came before. */
  OUTDATED(false),
  /** Its step is trained on, or has been given up: nothing changes any more. */
  CLOSED(false);

  private final boolean changes;

  Receipt(boolean changes) {
    this.changes = changes;
  }

  /** Whether the request is now another one than before. */
  public boolean changes() {
    return changes;
  }
}
