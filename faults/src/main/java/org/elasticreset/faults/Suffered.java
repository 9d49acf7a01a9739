package org.elasticreset.faults;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fault and what it cost.
 *
 * @param stepBefore the last training step that was told before it
 * @param recovery from the fault until two more training steps were done, of which at least one
 *     needed every service; {@code null} where the next fault, or the end of the run, came first
 */
record Suffered(Fault fault, Instant at, long stepBefore, @Nullable Duration recovery) {}
