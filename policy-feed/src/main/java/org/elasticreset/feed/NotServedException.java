package org.elasticreset.feed;

/** The ema-service answered, and has no such version. */
public final class NotServedException extends PolicyFetchException {

  private static final long serialVersionUID = 1L;

  NotServedException(String message) {
    super(message);
  }
}
