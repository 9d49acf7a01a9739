package org.elasticreset.rating;

import java.util.List;

/** What the ratings of a request amount to at a moment. */
public sealed interface Outcome {

  /**
   * Not yet enough answers, and time left.
   *
   * @param missing answers until it is decided
   */
  record Open(int missing) implements Outcome {}

  /**
   * People have decided.
   *
   * @param values of the candidates, in [0, 1]
   * @param raters whose answers it is made of, sorted
   */
  record Decided(List<Double> values, List<String> raters) implements Outcome {
    /** Copies. */
    public Decided {
      values = List.copyOf(values);
      raters = List.copyOf(raters);
    }
  }

  /** The deadline has passed: the score of the model stands in. */
  record ModelDecides() implements Outcome {}

  /** The deadline has passed: it is dropped, for the learner to issue its prompts again. */
  record Dropped() implements Outcome {}
}
