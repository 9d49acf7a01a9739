package org.elasticreset.learner;

/** The ema-service cannot be reached or does not keep to the contract; one line for people. */
class EmaServiceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /**
   * What happened.
   *
   * @param passing whether the same may succeed later, on another stream
   */
  EmaServiceException(String message, boolean passing) {
    super(message);
    this.passing = passing;
  }

  boolean isPassing() {
    return passing;
  }
}
