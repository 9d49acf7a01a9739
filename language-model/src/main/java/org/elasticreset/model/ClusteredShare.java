package org.elasticreset.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A share of trials that are not independent, such as the pairs of one question, with its 95 %
 * interval: Wilson's (1927) of the trials that as many independent ones would be.
 *
 * <p>With clusters c of trials x, p = Σ x / n and the residual sum of a cluster e_c = Σ (x − p),
 * the variance of p is C / (C − 1) · Σ e_c² / n², the design effect that variance over p (1 − p) /
 * n (Kish 1965), at least 1, and the effective number of trials n over it. Wilson's interval at
 * that number holds its level where clusters are many (Dean and Pagano 2015, <i>Evaluating
 * confidence interval methods for binomial proportions in clustered surveys</i>).
 *
 * @param share p
 * @param trials n
 * @param clusters C
 * @param effectiveTrials n over the design effect
 */
public record ClusteredShare(double share, int trials, int clusters, double effectiveTrials) {

  /** Of the standard normal distribution, for 95 %. */
  private static final double QUANTILE = 1.959963984540054;

  /** Both ends of an interval. */
  public record Interval(double low, double high) {}

  /**
   * @param outcomes from 0 to 1, one a trial
   * @param clusters whose trials belong together, in the order of the outcomes
   */
  public static ClusteredShare of(double[] outcomes, List<String> clusters) {
    if (outcomes.length == 0 || outcomes.length != clusters.size()) {
      throw new IllegalArgumentException(
          "trials: %d in %d clusters (expected: as many, at least 1)"
              .formatted(outcomes.length, clusters.size()));
    }
    double share = mean(outcomes);
    var residuals = residuals(outcomes, clusters, share);
    double binomial = share * (1 - share) / outcomes.length;
    double effect =
        binomial == 0 ? averageSize(outcomes, residuals) : variance(outcomes, residuals) / binomial;
    return new ClusteredShare(
        share, outcomes.length, residuals.size(), outcomes.length / Math.max(1, effect));
  }

  /** Where all trials come out alike nothing tells how alike those of a cluster are: as one. */
  private static double averageSize(double[] outcomes, Map<String, Double> residuals) {
    return (double) outcomes.length / residuals.size();
  }

  private static double variance(double[] outcomes, Map<String, Double> residuals) {
    double squares = residuals.values().stream().mapToDouble(e -> e * e).sum();
    double clusters = residuals.size();
    double correction = clusters > 1 ? clusters / (clusters - 1) : 1;
    return correction * squares / outcomes.length / outcomes.length;
  }

  private static Map<String, Double> residuals(
      double[] outcomes, List<String> clusters, double share) {
    var residuals = new LinkedHashMap<String, Double>();
    for (int i = 0; i < outcomes.length; i++) {
      residuals.merge(clusters.get(i), outcomes[i] - share, Double::sum);
    }
    return residuals;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Wilson's interval at the effective number of trials. */
  public Interval interval() {
    double z2 = QUANTILE * QUANTILE / effectiveTrials;
    double centre = (share + z2 / 2) / (1 + z2);
    double half =
        QUANTILE
            / (1 + z2)
            * Math.sqrt(share * (1 - share) / effectiveTrials + z2 / (4 * effectiveTrials));
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }

  /**
   * The interval of the mean difference between two outcomes of the same trials: the mean ± 1.96
   * standard errors over clusters, as above. It holds 0 if the difference is not significant.
   */
  public static Interval difference(double[] first, double[] second, List<String> clusters) {
    var differences = IntStream.range(0, first.length).mapToDouble(i -> first[i] - second[i]);
    var values = differences.toArray();
    double mean = mean(values);
    double error = Math.sqrt(variance(values, residuals(values, clusters, mean)));
    return new Interval(mean - QUANTILE * error, mean + QUANTILE * error);
  }

  /** Of the trials at these places alone. */
  static ClusteredShare at(List<Integer> places, double[] outcomes, List<String> clusters) {
    var names = new ArrayList<String>();
    places.forEach(i -> names.add(clusters.get(i)));
    return of(places.stream().mapToDouble(i -> outcomes[i]).toArray(), names);
  }
}
