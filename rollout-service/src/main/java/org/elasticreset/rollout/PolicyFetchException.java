package org.elasticreset.rollout;

/** A policy could not be fetched, or what came cannot be used; the message says why. */
class PolicyFetchException extends RuntimeException {

  PolicyFetchException(String message) {
    super(message);
  }

  PolicyFetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
