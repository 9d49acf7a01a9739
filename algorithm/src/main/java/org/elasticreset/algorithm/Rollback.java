package org.elasticreset.algorithm;

/**
 * The run went back to an earlier policy, which was published again: versions never go backwards.
 * What was published in between is abandoned, and nothing that it generated is learnt from.
 *
 * @param version gone back to
 * @param republishedAs number that the same weights have now
 */
public record Rollback(long version, long republishedAs) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; version &lt; republishedAs
   */
  public Rollback {
    Require.that(version > 0, "version", version, "version > 0");
    Require.that(
        republishedAs > version, "republishedAs", republishedAs, "more than version " + version);
  }

  private boolean abandons(long candidate) {
    return version < candidate && candidate < republishedAs;
  }

  private long skipped(long from, long to) {
    return from <= version && republishedAs <= to ? republishedAs - version : 0;
  }

  /** Whether one of the rollbacks abandoned that version. */
  static boolean anyAbandons(Iterable<Rollback> rollbacks, long version) {
    for (Rollback rollback : rollbacks) {
      if (rollback.abandons(version)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Updates between two versions that were not abandoned; a version and what it was published again
   * as are the same policy.
   */
  static long updatesBetween(Iterable<Rollback> rollbacks, long from, long to) {
    long updates = to - from;
    for (Rollback rollback : rollbacks) {
      updates -= rollback.skipped(from, to);
    }
    return Math.max(0, updates);
  }
}
