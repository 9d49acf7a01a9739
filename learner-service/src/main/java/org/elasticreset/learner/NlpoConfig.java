package org.elasticreset.learner;

/**
 * NLPO's masked action space; {@link ActionMasks} says what it does. All of it or nothing: one
 * default would turn it on.
 */
public interface NlpoConfig {
  /** The fewest likeliest tokens of the masking policy that reach this may be drawn; 0 to 1. */
  double topP();

  /** Training steps between two renewals of the masking policy. */
  int updateEvery();
}
