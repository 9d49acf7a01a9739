/**
 * A policy that is nothing but the time that it takes and the bytes that it has, for simulations of
 * scale; without the engine.
 */
@NullMarked
package org.elasticreset.model.simulated;

import org.jspecify.annotations.NullMarked;
