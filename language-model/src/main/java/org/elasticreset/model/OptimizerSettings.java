package org.elasticreset.model;

/**
 * AdamW and gradient clipping. Weight decay holds for matrices, not for biases and norms.
 *
 * @param maxGradientNorm the 2-norm that the gradient of all parameters together is scaled down to
 */
public record OptimizerSettings(
    double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {

  /** Loshchilov and Hutter's betas, no weight decay, norm 1. */
  public static final OptimizerSettings DEFAULT = new OptimizerSettings(0.9, 0.999, 1e-8, 0, 1);

  public OptimizerSettings {
    requireFraction("beta1", beta1);
    requireFraction("beta2", beta2);
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("epsilon: " + epsilon + " (expected: above 0)");
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weightDecay: " + weightDecay + " (expected: 0 or more)");
    }
    if (!(maxGradientNorm > 0)) {
      throw new IllegalArgumentException(
          "maxGradientNorm: " + maxGradientNorm + " (expected: above 0)");
    }
  }

  private static void requireFraction(String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: 0 <= " + name + " < 1)");
    }
  }
}
