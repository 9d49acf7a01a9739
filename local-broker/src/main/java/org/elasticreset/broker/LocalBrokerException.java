package org.elasticreset.broker;

import org.jspecify.annotations.Nullable;

/** The broker could not start, or its topics could not be created; the message is for people. */
public final class LocalBrokerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LocalBrokerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
