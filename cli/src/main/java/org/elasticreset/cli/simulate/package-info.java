/**
 * How a cluster scales: a model of its stages, what it takes to reach a rate, and what a simulation
 * was seen to do. No processes, no messages.
 */
@NullMarked
package org.elasticreset.cli.simulate;

import org.jspecify.annotations.NullMarked;
