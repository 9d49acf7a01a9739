package org.elasticreset.algorithm;

import java.util.List;

/**
 * The policy gradient as a loss, in plain numbers: Williams 1992, theorem 1. Of REINFORCE and RLOO;
 * the oracle that the tensor program is proved against.
 *
 * <pre>
 *   loss = mean over the tokens of −A log π_θ
 * </pre>
 *
 * <p>Its gradient is that of the expected reward where π_θ drew the tokens. There is no ratio to
 * another policy, and nothing is clipped.
 */
public final class PolicyGradientLoss {
  private PolicyGradientLoss() {}

  /**
   * Loss and gradient of a minibatch.
   *
   * @param tokens every response token of the minibatch, whichever rollout it is from
   * @throws IllegalArgumentException if there is no token
   */
  public static LossTerm of(List<PpoToken> tokens) {
    Require.that(!tokens.isEmpty(), "tokens", "empty", "at least one token");
    double loss = 0;
    double[] gradient = new double[tokens.size()];
    for (int i = 0; i < gradient.length; i++) {
      PpoToken token = tokens.get(i);
      loss -= token.advantage() * token.logProb() / gradient.length;
      gradient[i] = -token.advantage() / gradient.length;
    }
    return new LossTerm(loss, gradient);
  }
}
