/**
 * Whether one way to train is better than another, from figures of runs: fronts between reward and
 * drift, reward at equal drift, intervals of paired differences over few seeds, what a swept
 * setting matters.
 *
 * <p>Nothing here reads a file, a clock or a model; what is drawn at random is drawn from a stated
 * seed, so that the same figures give the same verdict. {@code docs/evidence.md} has the formulas,
 * their sources and the measured coverage.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.evidence;
