package org.elasticreset.algorithm;

/**
 * All that the PPO loss needs to know of one response token.
 *
 * @param logProb log π_θ of the token, under the policy being trained
 * @param oldLogProb log π_old of the token, under the policy before the update
 * @param advantage Â of the token
 * @param value V_θ before the token
 * @param oldValue V_old before the token
 * @param expectedReturn the target of the value: advantage (before whitening) + old value
 * @param entropy nats of π_θ's distribution that the token was drawn from
 */
public record PpoToken(
    double logProb,
    double oldLogProb,
    double advantage,
    double value,
    double oldValue,
    double expectedReturn,
    double entropy) {}
