package org.elasticreset.learner;

import org.elasticreset.proto.v1.ScoredRollout;

/** Takes a message of {@code scored-rollouts} into the types of the algorithm. */
interface RolloutReader {

  /**
   * The message, checked.
   *
   * @throws IllegalArgumentException saying which field cannot be used, its value and what was
   *     expected; the message is the reason on the dead letter
   */
  ReceivedRollout check(ReceivedRollout.Source source, ScoredRollout message);
}
