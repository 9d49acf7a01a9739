package org.elasticreset.reward.raters;

/** How many requests wait for people. */
public interface OpenRequests {

  /** Those that are open, gold questions left out. */
  int count();
}
