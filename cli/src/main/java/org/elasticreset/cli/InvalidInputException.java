package org.elasticreset.cli;

/** What a person has to change before anything can start; the message is the one line they read. */
final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidInputException(String message) {
    super(message);
  }

  /** {@code ema.decay: 1.5 (expected: 0 < decay < 1)}. */
  static InvalidInputException of(String key, Object value, String expected) {
    return new InvalidInputException(key + ": " + value + " (expected: " + expected + ")");
  }
}
