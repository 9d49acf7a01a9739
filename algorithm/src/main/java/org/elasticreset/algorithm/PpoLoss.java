package org.elasticreset.algorithm;

import java.util.List;

/**
 * The PPO loss in plain numbers: the readable specification, and the oracle that the tensor program
 * is proved against. Schulman et al. 2017, arXiv 1707.06347, eq. 7 and 9, as a loss to minimise;
 * the value is clipped like the ratio, as in the authors' implementation of PPO (openai/baselines,
 * ppo2). With ρ = exp(log π_θ − log π_old), each a mean over the tokens of a minibatch:
 *
 * <pre>
 *   policy loss = max(−Â ρ, −Â clip(ρ, 1 − ε, 1 + ε))
 *   value loss  = ½ max((V − R)², (clip(V, V_old − ε_v, V_old + ε_v) − R)²)
 *   loss        = policy loss + c_v · value loss − c_e · entropy
 * </pre>
 *
 * @param clipRange ε, above 0
 * @param valueClipRange ε_v, above 0; infinite to leave the value unclipped
 * @param valueCoefficient c_v, at least 0
 * @param entropyCoefficient c_e, at least 0
 */
public record PpoLoss(
    double clipRange, double valueClipRange, double valueCoefficient, double entropyCoefficient) {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public PpoLoss {
    Require.that(clipRange > 0, "clipRange", clipRange, "clipRange > 0");
    Require.that(valueClipRange > 0, "valueClipRange", valueClipRange, "valueClipRange > 0");
    Require.that(
        valueCoefficient >= 0, "valueCoefficient", valueCoefficient, "valueCoefficient >= 0");
    Require.that(
        entropyCoefficient >= 0,
        "entropyCoefficient",
        entropyCoefficient,
        "entropyCoefficient >= 0");
  }

  /**
   * Loss of a minibatch, and its parts. N is the number of tokens.
   *
   * @param loss what is minimised
   * @param policyLoss the clipped surrogate
   * @param valueLoss before its coefficient
   * @param entropy nats per token, before its coefficient
   * @param approximateKl KL(π_old ‖ π_θ) in nats per token by k3: mean of (ρ − 1) − log ρ
   * @param clipFraction share of tokens whose ratio left [1 − ε, 1 + ε], 0 to 1
   * @param logProbGradient [N] ∂loss / ∂ log π_θ of each token
   * @param valueGradient [N] ∂loss / ∂ V_θ of each token
   */
  public record Result(
      double loss,
      double policyLoss,
      double valueLoss,
      double entropy,
      double approximateKl,
      double clipFraction,
      double[] logProbGradient,
      double[] valueGradient) {}

  /**
   * Loss, statistics and gradients of a minibatch.
   *
   * @param tokens every response token of the minibatch, whichever rollout it is from
   * @throws IllegalArgumentException if there is no token
   */
  public Result of(List<PpoToken> tokens) {
    Require.that(!tokens.isEmpty(), "tokens", "empty", "at least one token");
    int count = tokens.size();
    double policyLoss = 0;
    double valueLoss = 0;
    double entropy = 0;
    double approximateKl = 0;
    int clipped = 0;
    double[] logProbGradient = new double[count];
    double[] valueGradient = new double[count];
    for (int i = 0; i < count; i++) {
      PpoToken token = tokens.get(i);
      policyLoss += policyLoss(token) / count;
      valueLoss += valueLoss(token) / count;
      entropy += token.entropy() / count;
      approximateKl += KlEstimator.K3.perToken(token.oldLogProb(), token.logProb()) / count;
      clipped += Math.abs(ratio(token) - 1) > clipRange ? 1 : 0;
      logProbGradient[i] = policyGradient(token) / count;
      valueGradient[i] = valueCoefficient * valueGradient(token) / count;
    }
    double loss = policyLoss + valueCoefficient * valueLoss - entropyCoefficient * entropy;
    double clipFraction = (double) clipped / count;
    return new Result(
        loss,
        policyLoss,
        valueLoss,
        entropy,
        approximateKl,
        clipFraction,
        logProbGradient,
        valueGradient);
  }

  private static double ratio(PpoToken token) {
    return Math.exp(token.logProb() - token.oldLogProb());
  }

  private double policyLoss(PpoToken token) {
    double ratio = ratio(token);
    double unclipped = -token.advantage() * ratio;
    double clipped = -token.advantage() * clip(ratio, 1 - clipRange, 1 + clipRange);
    return Math.max(unclipped, clipped);
  }

  /** Zero where the clipped branch is the greater: the token has moved far enough. */
  private double policyGradient(PpoToken token) {
    double unclipped = -token.advantage() * ratio(token);
    return unclipped >= policyLoss(token) ? unclipped : 0;
  }

  private double valueLoss(PpoToken token) {
    return Math.max(square(error(token)), square(clippedError(token))) / 2;
  }

  private double valueGradient(PpoToken token) {
    return square(error(token)) >= square(clippedError(token)) ? error(token) : 0;
  }

  private static double error(PpoToken token) {
    return token.value() - token.expectedReturn();
  }

  private double clippedError(PpoToken token) {
    double near = token.oldValue();
    return clip(token.value(), near - valueClipRange, near + valueClipRange)
        - token.expectedReturn();
  }

  private static double clip(double x, double low, double high) {
    return Math.max(low, Math.min(high, x));
  }

  private static double square(double x) {
    return x * x;
  }
}
