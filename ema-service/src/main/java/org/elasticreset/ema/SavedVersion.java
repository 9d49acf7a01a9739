package org.elasticreset.ema;

import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.proto.v1.OpenRun;

/**
 * All that the service needs to go on from a version.
 *
 * @param run what the learner opened
 * @param policy the version that is served
 * @param resetState counters behind it
 * @param initial θ₀
 * @param average θ̄ after that version's update (and reset)
 */
record SavedVersion(
    OpenRun run,
    PublishedPolicy policy,
    ElasticReset.State resetState,
    Weights initial,
    Weights average) {}
