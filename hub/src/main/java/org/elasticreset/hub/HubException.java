package org.elasticreset.hub;

/** A model that cannot be had; the message says what to do about it, and shows no token. */
public final class HubException extends Exception {

  private static final long serialVersionUID = 1L;

  HubException(String message) {
    super(message);
  }

  HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
