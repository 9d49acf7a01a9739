package org.elasticreset.cli;

/** What a person has to change before anything can start; the message is the one line they read. */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the line that a person reads. */
  public InvalidInputException(String message) {
    super(message);
  }

  /** {@code ema.decay: 1.5 (expected: 0 < decay < 1)}. */
  public static InvalidInputException of(String key, Object value, String expected) {
    return new InvalidInputException(key + ": " + value + " (expected: " + expected + ")");
  }

  /** The same, of one of several things of which each has such settings. */
  public InvalidInputException within(String what) {
    return new InvalidInputException(what + ": " + getMessage());
  }
}
