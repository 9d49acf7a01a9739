/** A page to watch a run and to operate it: its events as a stream, its status, what persons do. */
@NullMarked
package org.elasticreset.ema.console;

import org.jspecify.annotations.NullMarked;
