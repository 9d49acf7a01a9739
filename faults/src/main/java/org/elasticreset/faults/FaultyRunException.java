package org.elasticreset.faults;

/** A run did not do what it promises; the message says what and where its logs are. */
final class FaultyRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FaultyRunException(String message) {
    super(message);
  }

  FaultyRunException(String message, Throwable cause) {
    super(message, cause);
  }
}
