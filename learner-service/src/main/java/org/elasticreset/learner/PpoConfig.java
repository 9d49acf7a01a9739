package org.elasticreset.learner;

import io.smallrye.config.WithDefault;

/** Proximal policy optimisation (Schulman et al. 2017, arXiv 1707.06347). */
public interface PpoConfig {
  /** Passes over a step's rollouts. */
  @WithDefault("4")
  int epochs();

  /** Rollouts of one optimizer step; divides the rollouts of a training step. */
  @WithDefault("32")
  int minibatchSize();

  /** Rollouts that go through the model at once; divides the minibatch. */
  @WithDefault("32")
  int microBatchSize();

  /** Learning rate of AdamW behind the warm-up. */
  @WithDefault("1e-4")
  double learningRate();

  /** Optimizer steps over which the learning rate rises linearly from 0. */
  @WithDefault("0")
  int warmUpSteps();

  /** Half-width of the interval around 1 that the probability ratio is clipped to. */
  @WithDefault("0.2")
  double clipRange();

  /** Distance from the old value that a new value is clipped to. */
  @WithDefault("0.2")
  double valueClipRange();

  /** Weight of the value loss. */
  @WithDefault("0.5")
  double valueCoefficient();

  /** Weight of the entropy bonus. */
  @WithDefault("0.0")
  double entropyCoefficient();

  /** Discount per token (γ). */
  @WithDefault("1.0")
  double discount();

  /** λ of generalized advantage estimation. */
  @WithDefault("0.95")
  double gaeLambda();

  /** Shift and scale a step's advantages to mean 0 and variance 1. */
  @WithDefault("true")
  boolean whitenAdvantages();

  /** Norm that a larger gradient is scaled down to. */
  @WithDefault("1.0")
  double maxGradientNorm();

  /** Decoupled weight decay of AdamW. */
  @WithDefault("0.0")
  double weightDecay();
}
