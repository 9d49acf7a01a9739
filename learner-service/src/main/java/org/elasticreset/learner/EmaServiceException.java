package org.elasticreset.learner;

/** The ema-service cannot be reached or does not keep to the contract; one line for people. */
final class EmaServiceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  EmaServiceException(String message) {
    super(message);
  }
}
