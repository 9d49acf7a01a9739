package org.elasticreset.learner;

/** A loss or a gradient is no longer a number; one line for people. */
final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainingDivergedException(String message) {
    super(message);
  }
}
