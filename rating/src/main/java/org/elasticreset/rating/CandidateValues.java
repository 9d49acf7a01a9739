package org.elasticreset.rating;

import java.util.List;
import org.elasticreset.rating.Answer.Mark;
import org.elasticreset.rating.Answer.Ranks;
import org.elasticreset.rating.Answer.Skip;
import org.elasticreset.rating.Answer.Thumb;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.Question.Scale;
import org.elasticreset.rating.Question.Thumbs;

/** What one answer says a candidate is worth: 0, the worst that can be said, to 1, the best. */
final class CandidateValues {
  private CandidateValues() {}

  /**
   * Values of an answer that is no {@link Skip}.
   *
   * @return one value a candidate, in [0, 1]. Of an order: the share of the others that the
   *     candidate is ranked above, a tie counting half (its win rate; of all candidates they add up
   *     to n / 2)
   * @throws IllegalArgumentException if the answer does not answer the question
   */
  static double[] of(Question question, Answer answer) {
    if (question instanceof Order order && answer instanceof Ranks ranks) {
      Require.that(
          ranks.ranks().size() == order.candidates(),
          "ranks",
          ranks.ranks(),
          "one for each of " + order.candidates() + " candidates");
      return winRates(ranks.ranks());
    }
    if (question instanceof Scale scale && answer instanceof Mark mark) {
      Require.that(
          scale.worst() <= mark.value() && mark.value() <= scale.best(),
          "mark",
          mark.value(),
          scale.worst() + " to " + scale.best());
      return new double[] {(mark.value() - scale.worst()) / (scale.best() - scale.worst())};
    }
    if (question instanceof Thumbs && answer instanceof Thumb thumb) {
      return new double[] {thumb.up() ? 1 : 0};
    }
    throw new IllegalArgumentException(
        "answer: " + answer + " (expected: " + expected(question) + ", or a skip)");
  }

  /** Refuses what does not answer the question; a skip answers any. */
  static void check(Question question, Answer answer) {
    if (!(answer instanceof Skip)) {
      of(question, answer);
    }
  }

  private static double[] winRates(List<Integer> ranks) {
    int n = ranks.size();
    double[] rates = new double[n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (i != j) {
          rates[i] += Math.signum(ranks.get(j) - ranks.get(i)) / 2 + 0.5;
        }
      }
      rates[i] /= n - 1;
    }
    return rates;
  }

  private static String expected(Question question) {
    if (question instanceof Order order) {
      return "ranks of " + order.candidates() + " candidates";
    }
    return question instanceof Scale ? "a mark" : "a thumb";
  }
}
