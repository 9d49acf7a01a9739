package org.elasticreset.feed;

/** A policy that is waited for does not come; the message says which, and what is here. */
public final class PolicyUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PolicyUnavailableException(String message) {
    super(message);
  }
}
