package org.elasticreset.cli.ab;

/**
 * What the user's business made of an answer.
 *
 * @param id of the prompt
 * @param value of the metric
 * @param time in milliseconds since 1970 at which it was written
 */
public record Outcome(String id, double value, long time) {}
