package org.elasticreset.rating;

import org.elasticreset.rating.Answer.Skip;

/**
 * A question whose answer is known.
 *
 * @param question what is asked
 * @param right answer to it
 */
public record GoldQuestion(Question question, Answer right) {

  /** Of the range of values; below the half that a pair the other way round would be off by. */
  private static final double TOLERANCE = 0.25;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if the answer does not answer the question
   */
  public GoldQuestion {
    Require.that(!(right instanceof Skip), "gold answer", right, "no skip");
    CandidateValues.check(question, right);
  }

  /**
   * Whether somebody is right: values no candidate further than a quarter of the scale from the
   * right answer. Of a pair and of thumbs that is the same answer, of a mark from 1 to 5 at most
   * one off.
   *
   * @param said no {@link Skip}
   * @throws IllegalArgumentException if it does not answer the question
   */
  public boolean isRight(Answer said) {
    double[] expected = CandidateValues.of(question, right);
    double[] values = CandidateValues.of(question, said);
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i] - expected[i]) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
