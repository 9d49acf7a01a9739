/** Generates rollouts: `prompts` and the announced policy in, `rollouts` out. */
@NullMarked
package org.elasticreset.rollout;

import org.jspecify.annotations.NullMarked;
