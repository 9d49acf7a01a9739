package org.elasticreset.cli.tracking;

/** A sink will not take this, however often it is tried; the message is for people. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
