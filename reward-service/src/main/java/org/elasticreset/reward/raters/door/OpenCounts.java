package org.elasticreset.reward.raters.door;

import java.util.Map;
import java.util.Optional;

/**
 * How much is asked of people.
 *
 * @param open requests, gold left out, as in what follows
 * @param byKind the same, by {@code order}, {@code scale} and {@code thumbs}
 * @param leased those that some rater has now
 * @param answered those that somebody has answered, and that wait for more
 * @param gold requests whose answer is known; they stay open
 * @param oldestDeadlineMillis of the one that is due first, since 1970; absent if none is open
 */
public record OpenCounts(
    int open,
    Map<String, Long> byKind,
    long leased,
    long answered,
    long gold,
    Optional<Long> oldestDeadlineMillis) {}
