package org.elasticreset.learner;

import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.Purpose;

/** Is told by the loop, on its thread, where it is. */
interface LoopWatch {

  LoopWatch NOBODY =
      new LoopWatch() {
        @Override
        public void awaits(Purpose purpose, long step) {}

        @Override
        public void entered(Phase phase) {}

        @Override
        public void epochEnded() {}

        @Override
        public void published(PolicyStamp policy) {}
      };

  /** From now on it is about this step, or about the evaluation behind it. */
  void awaits(Purpose purpose, long step);

  void entered(Phase phase);

  /** A pass over the rollouts of the step is over. */
  void epochEnded();

  /** The policy that the step led to is served, or the one that it goes on from. */
  void published(PolicyStamp policy);
}
