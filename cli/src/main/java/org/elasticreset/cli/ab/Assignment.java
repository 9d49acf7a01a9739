package org.elasticreset.cli.ab;

/**
 * A prompt that was given to an arm. Its record in the arm's topic is what makes it so.
 *
 * @param sequence place among all requests, from 0
 * @param id of the prompt, its key
 * @param share that B had
 * @param stage from 0
 * @param time in milliseconds since 1970
 */
public record Assignment(long sequence, String id, Arm arm, double share, int stage, long time) {}
