package org.elasticreset.algorithm;

import java.util.Arrays;

/**
 * What an {@link AdvantageEstimator} gives for one response of T tokens.
 *
 * @param advantages [T] how much better each token was than expected
 * @param returns [T] the value head's targets: advantage + value; 0 where there is no value head
 */
public record Advantages(float[] advantages, float[] returns) {

  /** The same advantage at each of so many tokens, and no target of a value head. */
  static Advantages ofWholeResponse(double advantage, int tokens) {
    float[] advantages = new float[tokens];
    Arrays.fill(advantages, (float) advantage);
    return new Advantages(advantages, new float[tokens]);
  }
}
