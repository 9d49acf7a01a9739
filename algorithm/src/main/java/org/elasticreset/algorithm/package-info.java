/**
 * The algorithm, in plain Java and nothing else: advantages, the KL penalty, PPO as plain numbers,
 * the exponential average, Elastic Reset as a state machine, and which work may start.
 *
 * <p>Nothing here reads a clock, draws a random number or does input or output. Where a tensor
 * program computes the same figure faster, the class here is its specification and its test oracle.
 * {@code docs/algorithm.md} maps equations to classes and tests.
 */
@org.jspecify.annotations.NullMarked
package org.elasticreset.algorithm;
