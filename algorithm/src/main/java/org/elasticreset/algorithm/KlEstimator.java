package org.elasticreset.algorithm;

/**
 * Estimators of KL(π ‖ π_ref) from tokens drawn from π, in nats. Schulman, "Approximating KL
 * divergence", 2020 (joschu.net/blog/kl-approx.html); names as there. With d = log π − log π_ref:
 */
public enum KlEstimator {
  /** k1 = d. Unbiased, of either sign, and its sum over a response is the sequence's estimate. */
  K1 {
    @Override
    public double perToken(double logProb, double referenceLogProb) {
      return logProb - referenceLogProb;
    }
  },
  /**
   * k3 = (e^−d − 1) + d. Unbiased per token, never negative, of lower variance while d is small.
   */
  K3 {
    @Override
    public double perToken(double logProb, double referenceLogProb) {
      double inverse = referenceLogProb - logProb;
      return Math.expm1(inverse) - inverse;
    }
  };

  /**
   * The estimate from one token.
   *
   * @param logProb log π of the token
   * @param referenceLogProb log π_ref of the same token
   * @return nats
   */
  public abstract double perToken(double logProb, double referenceLogProb);
}
