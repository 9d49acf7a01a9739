package org.elasticreset.feed;

/** The ema-service answered, and serves nothing newer than what is here. */
public final class NothingNewerException extends PolicyFetchException {

  private static final long serialVersionUID = 1L;

  NothingNewerException(long served, long here) {
    super("version " + served + " is served (expected: newer than " + here + ")");
  }
}
