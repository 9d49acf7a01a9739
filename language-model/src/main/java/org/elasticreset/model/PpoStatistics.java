package org.elasticreset.model;

import java.util.List;

/**
 * One optimizer step, measured before it; means over the response tokens of the minibatch.
 *
 * @param policyLoss the clipped surrogate, or −Â log π
 * @param valueLoss half the clipped squared error, before its coefficient
 * @param entropy of the policy, nats a token; NaN if its coefficient is 0, where the step does not
 *     need it ({@link TokenEvaluation} has it)
 * @param clipFraction share of tokens whose ratio left 1 ± ε; 0 where nothing is clipped
 * @param approximateKl KL(old ‖ policy) by k3, nats a token
 * @param gradientNorm 2-norm of policy and value head together, before clipping
 */
public record PpoStatistics(
    double policyLoss,
    double valueLoss,
    double entropy,
    double clipFraction,
    double approximateKl,
    double gradientNorm) {

  /** Of what passes report in the order of ppo.py's {@code objective}: parts of the means. */
  static PpoStatistics ofPasses(List<float[]> reported, double gradientNorm) {
    var sums = new double[6];
    for (var pass : reported) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += pass[i];
      }
    }
    return new PpoStatistics(sums[1], sums[2], sums[3], sums[5], sums[4], gradientNorm);
  }
}
