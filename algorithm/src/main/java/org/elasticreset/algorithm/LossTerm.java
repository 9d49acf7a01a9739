package org.elasticreset.algorithm;

/**
 * One term of a loss over the N tokens of a minibatch.
 *
 * @param loss before any coefficient
 * @param logProbGradient [N] ∂loss / ∂ log π_θ of each token
 */
public record LossTerm(double loss, double[] logProbGradient) {}
