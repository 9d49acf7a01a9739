/**
 * The door: what is open, who may answer it, and what becomes of an answer, whichever way it comes
 * in.
 */
@NullMarked
package org.elasticreset.reward.raters.door;

import org.jspecify.annotations.NullMarked;
