package org.elasticreset.rating;

/** What a rater is asked about the candidates of a request, responses to one prompt. */
public sealed interface Question {

  /** Responses that the question is about; at least 1. */
  int candidates();

  /**
   * Which is better? Two candidates are a pairwise comparison, more a ranking.
   *
   * @param candidates at least 2
   */
  record Order(int candidates) implements Question {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if there is nothing to compare
     */
    public Order {
      Require.that(candidates >= 2, "candidates", candidates, "at least 2, to be compared");
    }
  }

  /**
   * How good is it, from worst to best?
   *
   * @param worst mark
   * @param best mark; above the worst
   */
  record Scale(double worst, double best) implements Question {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the marks are not finite or not in order
     */
    public Scale {
      Require.that(
          Double.isFinite(worst) && Double.isFinite(best) && worst < best,
          "scale",
          worst + " to " + best,
          "two finite marks, the worst below the best");
    }

    @Override
    public int candidates() {
      return 1;
    }
  }

  /** Is it good? */
  record Thumbs() implements Question {
    @Override
    public int candidates() {
      return 1;
    }
  }
}
