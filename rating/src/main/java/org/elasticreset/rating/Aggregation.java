package org.elasticreset.rating;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** How several answers to one request become one. */
public enum Aggregation {
  /**
   * The mean of the raters' values, each weighted by how far the rater can be believed: v = Σ wᵢvᵢ
   * / Σ wᵢ.
   */
  WEIGHTED {
    @Override
    double combine(double[] values, double[] weights) {
      double sum = 0;
      double total = 0;
      for (int i = 0; i < values.length; i++) {
        sum += weights[i] * values[i];
        total += weights[i];
      }
      return sum / total;
    }
  },
  /**
   * The median of the raters' values, each counted alike: of two candidates and of thumbs what most
   * say, of marks and ranks what a minority cannot move far.
   */
  MAJORITY {
    @Override
    double combine(double[] values, double[] weights) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int middle = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
  };

  abstract double combine(double[] values, double[] weights);

  /**
   * Values of the candidates.
   *
   * @param answers at least one, none withdrawn or skipped
   * @param weightOf a rater, by id; above 0
   */
  List<Double> of(Question question, List<Rating> answers, ToDoubleFunction<String> weightOf) {
    Require.that(!answers.isEmpty(), "answers", "none", "at least one");
    int raters = answers.size();
    double[] weights = new double[raters];
    double[][] byCandidate = new double[question.candidates()][raters];
    for (int i = 0; i < raters; i++) {
      Rating rating = answers.get(i);
      weights[i] = weightOf.applyAsDouble(rating.raterId());
      Require.that(weights[i] > 0, "weight of " + rating.raterId(), weights[i], "above 0");
      double[] values = CandidateValues.of(question, rating.answer().orElseThrow());
      for (int c = 0; c < values.length; c++) {
        byCandidate[c][i] = values[c];
      }
    }
    return Arrays.stream(byCandidate).map(values -> combine(values, weights)).toList();
  }
}
