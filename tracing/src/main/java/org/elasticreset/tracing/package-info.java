/**
 * What the spans of a run have in common: names, the trace that a step has, how its context travels
 * in Kafka and gRPC. Nothing here begins a trace of its own: the learner-service alone does.
 */
@NullMarked
package org.elasticreset.tracing;

import org.jspecify.annotations.NullMarked;
