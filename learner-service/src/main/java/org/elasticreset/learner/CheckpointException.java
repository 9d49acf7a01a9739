package org.elasticreset.learner;

/** A checkpoint can be neither written nor read; one line for people. */
final class CheckpointException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
