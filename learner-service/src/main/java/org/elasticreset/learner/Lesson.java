package org.elasticreset.learner;

import org.elasticreset.proto.v1.StepMetrics;

/** What a training step does with its rollouts. */
interface Lesson {

  /**
   * Trains the policy.
   *
   * @param uploads to be told of every optimizer step
   * @return what there is to tell of the lesson
   * @throws TrainingDivergedException if a figure is not finite
   */
  StepMetrics.Builder learn(PolicyUploads.OfStep uploads) throws InterruptedException;
}
