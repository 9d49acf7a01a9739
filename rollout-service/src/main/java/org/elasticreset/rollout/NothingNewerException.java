package org.elasticreset.rollout;

/** The ema-service answered, and serves nothing newer than what is here. */
final class NothingNewerException extends PolicyFetchException {

  NothingNewerException(long served, long here) {
    super("version " + served + " is served (expected: newer than " + here + ")");
  }
}
