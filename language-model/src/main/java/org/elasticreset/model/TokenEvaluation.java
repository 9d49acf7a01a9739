package org.elasticreset.model;

/**
 * What a policy and its value head say about the response tokens of a sequence, one number each.
 *
 * @param logProbs of the tokens, in nats
 * @param values expected return before the token
 * @param entropies of the distribution the token is drawn from, in nats
 */
public record TokenEvaluation(float[] logProbs, float[] values, float[] entropies) {}
