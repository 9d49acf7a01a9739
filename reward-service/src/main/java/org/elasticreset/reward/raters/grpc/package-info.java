/** The way in by gRPC. */
@NullMarked
package org.elasticreset.reward.raters.grpc;

import org.jspecify.annotations.NullMarked;
