package org.elasticreset.cli.ab;

import java.util.OptionalDouble;

/**
 * An answer with its scores.
 *
 * @param id of the prompt
 * @param judge if there is one
 * @param drift log π − log π₀ of the response, in nats; if there is an initial policy
 * @param time in milliseconds since 1970 at which it was scored
 */
public record Answer(
    String id,
    String response,
    double reward,
    OptionalDouble judge,
    OptionalDouble drift,
    long time) {}
