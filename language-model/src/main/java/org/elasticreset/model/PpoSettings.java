package org.elasticreset.model;

/**
 * What an optimizer step minimises, as {@code program/ppo.py} writes it out.
 *
 * @param policyLoss how advantages become a loss
 * @param clipRange ε: the ratio of probabilities counts within 1 ± ε, above 0; of the clipped
 *     surrogate
 * @param valueClipRange the value counts within this distance of the old one, above 0; infinite for
 *     no limit
 * @param valueCoefficient weight of the value loss, 0 or more
 * @param klCoefficient weight of the divergence from the reference by k3, 0 or more
 * @param entropyCoefficient weight of the entropy bonus, 0 or more
 * @param temperature that logits are divided by, the one that the responses were sampled at
 */
public record PpoSettings(
    PolicyLoss policyLoss,
    double clipRange,
    double valueClipRange,
    double valueCoefficient,
    double klCoefficient,
    double entropyCoefficient,
    double temperature) {

  public PpoSettings {
    require(clipRange > 0, "clipRange", clipRange, "above 0");
    require(valueClipRange > 0, "valueClipRange", valueClipRange, "above 0");
    require(valueCoefficient >= 0, "valueCoefficient", valueCoefficient, "0 or more");
    require(klCoefficient >= 0, "klCoefficient", klCoefficient, "0 or more");
    require(entropyCoefficient >= 0, "entropyCoefficient", entropyCoefficient, "0 or more");
    require(temperature > 0, "temperature", temperature, "above 0");
  }

  /** PPO, without a KL penalty in the loss. */
  public PpoSettings(
      double clipRange,
      double valueClipRange,
      double valueCoefficient,
      double entropyCoefficient,
      double temperature) {
    this(
        PolicyLoss.CLIPPED_SURROGATE,
        clipRange,
        valueClipRange,
        valueCoefficient,
        0,
        entropyCoefficient,
        temperature);
  }

  /** The same with another weight of the divergence, which may move from step to step. */
  public PpoSettings withKlCoefficient(double coefficient) {
    return new PpoSettings(
        policyLoss,
        clipRange,
        valueClipRange,
        valueCoefficient,
        coefficient,
        entropyCoefficient,
        temperature);
  }

  private static void require(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
