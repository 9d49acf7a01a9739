package org.elasticreset.learner;

/**
 * Seeded iterated learning beside the objective; {@link IteratedLearning} says what it does. All of
 * it or nothing: one default would turn it on.
 */
public interface IteratedLearningConfig {
  /** Every so many training steps, one imitates in the place of the objective; at least 2. */
  int every();

  /** Passes of an imitation over the step's rollouts. */
  int epochs();

  /** Learning rate of the imitation, whose optimizer is its own. */
  double learningRate();
}
