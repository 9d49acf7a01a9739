package org.elasticreset.reward;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The reward: a weighted sum of scores. */
final class WeightedSum {

  private final Map<String, Term> terms;

  /** A scorer and its factor. */
  record Term(double weight, Scorer scorer) {
    Term {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: a finite number)");
      }
    }
  }

  /** The reward of each text, and each scorer's part in it by name. */
  record Rewards(double[] totals, Map<String, double[]> scores) {}

  /** Terms are added in the order of their names, so that the sum is the same in every process. */
  WeightedSum(Map<String, Term> terms) {
    if (terms.isEmpty()) {
      throw new IllegalArgumentException("reward.scorers: none (expected: at least one scorer)");
    }
    this.terms = new TreeMap<>(terms);
  }

  Rewards of(List<ScorableText> texts) {
    double[] totals = new double[texts.size()];
    Map<String, double[]> scores = new LinkedHashMap<>();
    terms.forEach(
        (name, term) -> {
          double[] each = term.scorer().score(texts);
          scores.put(name, each);
          for (int i = 0; i < totals.length; i++) {
            totals[i] += term.weight() * each[i];
          }
        });
    return new Rewards(totals, scores);
  }
}
