package org.elasticreset.reward.raters.door;

/**
 * What is known of a rater.
 *
 * @param done requests that they have dealt with
 * @param right answers to gold
 * @param wrong answers to gold
 * @param muted whether they count no more
 */
public record RaterStanding(String rater, long done, long right, long wrong, boolean muted) {}
