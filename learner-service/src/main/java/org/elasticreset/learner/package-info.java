/**
 * The learner-service: admits prompts, collects whole steps of scored rollouts, trains the policy
 * by PPO, uploads every update to the ema-service and obeys its resets. Start at {@code
 * TrainingLoop}.
 */
@NullMarked
package org.elasticreset.learner;

import org.jspecify.annotations.NullMarked;
