package org.elasticreset.algorithm;

import java.util.List;

/**
 * How far a policy is from another, from responses drawn from it: the k1 estimate, unbiased, of
 * KL(π ‖ π_ref) over whole responses. Schulman, "Approximating KL divergence", 2020.
 *
 * <pre>
 *   KL ≈ mean over responses of Σ_t (log π(a_t) − log π_ref(a_t))
 * </pre>
 *
 * @param nats nats per sequence. An estimate may be below 0, though what it estimates is not.
 * @param standardError of {@code nats}: sample deviation over √responses; NaN for one response
 * @param natsPerToken the sum over all responses divided by all of their tokens
 */
public record SequenceKl(double nats, double standardError, double natsPerToken) {
  /**
   * The estimate from a batch of responses, each of T_i tokens.
   *
   * @param logProbs of each response [T_i] under the policy that drew it, under the distribution it
   *     was drawn from
   * @param referenceLogProbs of the same tokens [T_i] under the reference, at the same temperature
   * @throws IllegalArgumentException if there is no response, one is empty, or shapes differ
   */
  public static SequenceKl of(List<float[]> logProbs, List<float[]> referenceLogProbs) {
    Require.that(!logProbs.isEmpty(), "logProbs", "empty", "at least one response");
    Require.sameLength("referenceLogProbs", referenceLogProbs.size(), "logProbs", logProbs.size());
    int count = logProbs.size();
    double[] sums = new double[count];
    double total = 0;
    long tokens = 0;
    for (int i = 0; i < count; i++) {
      sums[i] = sum(logProbs.get(i), referenceLogProbs.get(i));
      total += sums[i];
      tokens += logProbs.get(i).length;
    }
    double mean = total / count;
    double squares = 0;
    for (double sum : sums) {
      squares += (sum - mean) * (sum - mean);
    }
    double standardError = Math.sqrt(squares / (count - 1) / count);
    return new SequenceKl(mean, standardError, total / tokens);
  }

  private static double sum(float[] logProbs, float[] referenceLogProbs) {
    Require.that(logProbs.length > 0, "response", "empty", "at least one token");
    Require.sameLength("referenceLogProbs", referenceLogProbs.length, "logProbs", logProbs.length);
    double sum = 0;
    for (int t = 0; t < logProbs.length; t++) {
      sum += KlEstimator.K1.perToken(logProbs[t], referenceLogProbs[t]);
    }
    return sum;
  }
}
