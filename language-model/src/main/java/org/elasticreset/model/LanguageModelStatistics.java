package org.elasticreset.model;

/**
 * One step of cross-entropy.
 *
 * @param loss mean negative log-likelihood of a token before the step, in nats
 * @param gradientNorm 2-norm before clipping
 * @param tokens predicted tokens that the mean is taken over
 */
public record LanguageModelStatistics(double loss, double gradientNorm, int tokens) {}
