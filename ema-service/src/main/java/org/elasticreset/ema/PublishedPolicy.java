package org.elasticreset.ema;

import org.elasticreset.proto.v1.PolicyVersion;

/**
 * A policy that workers may fetch.
 *
 * @param version what was or will be announced
 * @param layout its tensors
 * @param weights never written again
 */
record PublishedPolicy(PolicyVersion version, PolicyLayout layout, Weights weights) {}
