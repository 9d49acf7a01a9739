/**
 * The ema-service: holds the initial weights θ₀, their average θ̄ and the newest policies, decides
 * on resets, and is the one writer of policy versions.
 */
@NullMarked
package org.elasticreset.ema;

import org.jspecify.annotations.NullMarked;
