package org.elasticreset.algorithm;

/**
 * What {@link GeneralizedAdvantageEstimation} gives for one response of T tokens.
 *
 * @param advantages [T] how much better each token was than the value head expected
 * @param returns [T] the value head's targets: advantage + value
 */
public record Advantages(float[] advantages, float[] returns) {}
