package org.elasticreset.feed;

/** A policy could not be fetched, or what came cannot be used; the message says why. */
public class PolicyFetchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public PolicyFetchException(String message) {
    super(message);
  }

  PolicyFetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
