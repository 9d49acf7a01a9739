package org.elasticreset.learner;

/** Another learner-service opened the run: this one must not touch it any more. */
final class SupersededException extends EmaServiceException {

  private static final long serialVersionUID = 1L;

  SupersededException(String message) {
    super(message, false);
  }
}
