package org.elasticreset.rating;

import java.util.List;

/** What a rater says to a {@link Question}. */
public sealed interface Answer {

  /**
   * To {@link Question.Order}: the rank of each candidate, in the order of the request and not in
   * that in which they were shown.
   *
   * @param ranks 1 is best; candidates that are tied have the same
   */
  record Ranks(List<Integer> ranks) implements Answer {
    /**
     * Validates, and copies.
     *
     * @throws IllegalArgumentException if a rank is below 1
     */
    public Ranks {
      ranks = List.copyOf(ranks);
      for (int rank : ranks) {
        Require.that(rank >= 1, "rank", rank, "from 1, the best");
      }
    }

    /** The first of two is better. */
    public static Ranks first() {
      return new Ranks(List.of(1, 2));
    }

    /** The second of two is better. */
    public static Ranks second() {
      return new Ranks(List.of(2, 1));
    }

    /** Neither of two is better. */
    public static Ranks tie() {
      return new Ranks(List.of(1, 1));
    }
  }

  /**
   * To {@link Question.Scale}.
   *
   * @param value on the scale of the question
   */
  record Mark(double value) implements Answer {}

  /**
   * To {@link Question.Thumbs}.
   *
   * @param up whether it is good
   */
  record Thumb(boolean up) implements Answer {}

  /** To any question: the rater cannot or will not say. Somebody else is asked. */
  record Skip() implements Answer {}
}
