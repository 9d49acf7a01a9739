package org.elasticreset.model;

/**
 * A generated response.
 *
 * @param promptTokens the ones that were read, the last of the request's
 * @param responseTokens with the stop token, if there was one
 * @param logProbs of each response token in the distribution it was drawn from, after temperature
 *     and truncation, in nats; of a greedy response in the distribution at the temperature
 * @param stopped whether a stop token ended it, rather than the limit
 */
public record Generation(
    int[] promptTokens, int[] responseTokens, float[] logProbs, boolean stopped) {}
