package org.elasticreset.algorithm;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The masked action space of NLPO (Ramamurthy et al. 2022, arXiv 2210.01241, section 4): the policy
 * π keeps, of every next token a, those that a masking policy π_ψ finds likely enough.
 *
 * <pre>
 *   V = the fewest likeliest a with  Σ_{a ∈ V} π_ψ(a) ≥ p
 *   π_masked(a) = π(a) ÷ Σ_{b ∈ V} π(b)   for a ∈ V, else 0
 * </pre>
 */
public final class ActionMask {

  private ActionMask() {}

  /**
   * V: which tokens may be drawn, at least one.
   *
   * @param maskingLogProbs log π_ψ of every token
   */
  public static boolean[] topP(double[] maskingLogProbs, double p) {
    Require.that(p > 0 && p <= 1, "p", p, "0 < p <= 1");
    int[] likeliestFirst =
        IntStream.range(0, maskingLogProbs.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -maskingLogProbs[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    boolean[] allowed = new boolean[maskingLogProbs.length];
    double mass = 0;
    for (int token : likeliestFirst) {
      allowed[token] = mass < p;
      mass += Math.exp(maskingLogProbs[token]);
    }
    return allowed;
  }

  /** log π_masked of every token; −∞ of one that may not be drawn. */
  public static double[] masked(double[] logProbs, boolean[] allowed) {
    Require.sameLength("allowed", allowed.length, "logProbs", logProbs.length);
    double mass =
        IntStream.range(0, logProbs.length)
            .filter(token -> allowed[token])
            .mapToDouble(token -> Math.exp(logProbs[token]))
            .sum();
    double[] masked = new double[logProbs.length];
    Arrays.setAll(
        masked,
        token -> allowed[token] ? logProbs[token] - Math.log(mass) : Double.NEGATIVE_INFINITY);
    return masked;
  }
}
