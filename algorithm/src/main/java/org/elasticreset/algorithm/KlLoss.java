package org.elasticreset.algorithm;

/**
 * The KL penalty as a term of the loss, in plain numbers: Shao et al. 2024, arXiv 2402.03300, eq.
 * 4. The oracle that the tensor program is proved against. With d = log π_θ − log π_ref:
 *
 * <pre>
 *   loss       = mean over the tokens of k3 = e^−d − 1 + d
 *   ∂loss / ∂d = (1 − e^−d) ÷ tokens
 * </pre>
 *
 * <p>On tokens that π_θ drew, the expectation of k3's gradient is that of KL(π_ref ‖ π_θ), which is
 * least at π_ref as well, and equal to that of KL(π_θ ‖ π_ref) to first order around it. The
 * gradient of k1 = d is the score ∇ log π_θ, whose expectation is 0 whatever π_ref is: as a loss k1
 * pulls nowhere, so there is no such class. (In the reward it is right: {@link TokenRewards}.)
 */
public final class KlLoss {
  private KlLoss() {}

  /**
   * Loss, before β, and gradient of a minibatch.
   *
   * @param logProbs [N] log π_θ of every response token
   * @param referenceLogProbs [N] log π_ref of the same tokens
   * @throws IllegalArgumentException if there is no token or lengths differ
   */
  public static LossTerm of(double[] logProbs, double[] referenceLogProbs) {
    Require.that(logProbs.length > 0, "logProbs", "empty", "at least one token");
    Require.sameLength("referenceLogProbs", referenceLogProbs.length, "logProbs", logProbs.length);
    double loss = 0;
    double[] gradient = new double[logProbs.length];
    for (int i = 0; i < gradient.length; i++) {
      loss += KlEstimator.K3.perToken(logProbs[i], referenceLogProbs[i]) / gradient.length;
      gradient[i] = -Math.expm1(referenceLogProbs[i] - logProbs[i]) / gradient.length;
    }
    return new LossTerm(loss, gradient);
  }
}
