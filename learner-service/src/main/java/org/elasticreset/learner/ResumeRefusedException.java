package org.elasticreset.learner;

/** The ema-service cannot go on from where it was asked to; one line for people. */
final class ResumeRefusedException extends EmaServiceException {

  private static final long serialVersionUID = 1L;

  ResumeRefusedException(String message) {
    super(message, false);
  }
}
