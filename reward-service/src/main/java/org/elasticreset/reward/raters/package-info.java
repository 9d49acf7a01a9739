/** People as a source of rewards: who is asked what, and the ways in which they answer. */
@NullMarked
package org.elasticreset.reward.raters;

import org.jspecify.annotations.NullMarked;
