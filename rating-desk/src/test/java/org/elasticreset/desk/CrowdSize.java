package org.elasticreset.desk;

import java.time.Duration;

/**
 * Of a simulated crowd.
 *
 * @param cases of one request each, all open at once
 * @param overlap raters that each waits for
 * @param gold questions whose answer is known
 * @param goldShare of what a rater is asked
 * @param medianLatency from question to answer
 * @param patience for all of it
 * @param killAfter ratings after which the desk dies, and another begins; 0: never
 */
record CrowdSize(
    int raters,
    int cases,
    int overlap,
    int gold,
    double goldShare,
    Duration medianLatency,
    Duration patience,
    int killAfter,
    long seed) {}
