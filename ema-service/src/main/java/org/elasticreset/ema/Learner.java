package org.elasticreset.ema;

/** The one learner of a run, as the state of the run knows it. */
interface Learner {

  /** Another learner opened the run; this one's updates count no more. */
  void superseded();
}
