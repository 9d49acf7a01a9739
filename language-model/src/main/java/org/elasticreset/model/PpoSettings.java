package org.elasticreset.model;

/**
 * The PPO loss, as {@code program/ppo.py} writes it out.
 *
 * @param clipRange ε: the ratio of probabilities counts within 1 ± ε, above 0
 * @param valueClipRange the value counts within this distance of the old one, above 0; infinite for
 *     no limit
 * @param valueCoefficient weight of the value loss, 0 or more
 * @param entropyCoefficient weight of the entropy bonus, 0 or more
 * @param temperature that logits are divided by, the one that the responses were sampled at
 */
public record PpoSettings(
    double clipRange,
    double valueClipRange,
    double valueCoefficient,
    double entropyCoefficient,
    double temperature) {

  public PpoSettings {
    require(clipRange > 0, "clipRange", clipRange, "above 0");
    require(valueClipRange > 0, "valueClipRange", valueClipRange, "above 0");
    require(valueCoefficient >= 0, "valueCoefficient", valueCoefficient, "0 or more");
    require(entropyCoefficient >= 0, "entropyCoefficient", entropyCoefficient, "0 or more");
    require(temperature > 0, "temperature", temperature, "above 0");
  }

  private static void require(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
