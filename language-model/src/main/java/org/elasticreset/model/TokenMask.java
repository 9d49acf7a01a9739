package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * The masked action space of NLPO (Ramamurthy et al. 2022, arXiv 2210.01241, section 4): at every
 * token, only the fewest likeliest tokens of a masking policy whose probabilities, at the sampling
 * temperature, reach p may be drawn; the policy's distribution over them is renormalised. The
 * masking policy is a copy of the policy that is renewed now and then.
 */
public final class TokenMask {

  /** Every token may be drawn. */
  public static final TokenMask NONE = new TokenMask(List.of(), 1);

  private final List<NDArray> views;
  private final double topP;

  private TokenMask(List<NDArray> views, double topP) {
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP: " + topP + " (expected: 0 < topP <= 1)");
    }
    this.views = views;
    this.topP = topP;
  }

  /**
   * The mask of a policy; it follows what is written into it.
   *
   * @param maskingPolicy as {@link CausalLanguageModel#copyOfParameters} makes one
   */
  public static TokenMask of(Parameters maskingPolicy, double topP) {
    return new TokenMask(maskingPolicy.views(), topP);
  }

  /** The masking policy as programs take it: nothing where there is none. */
  List<NDArray> views() {
    return views;
  }

  double topP() {
    return topP;
  }
}
