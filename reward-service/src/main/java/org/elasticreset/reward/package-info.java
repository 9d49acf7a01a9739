/** The reward-service: from {@code rollouts} to {@code scored-rollouts}. */
@NullMarked
package org.elasticreset.reward;

import org.jspecify.annotations.NullMarked;
