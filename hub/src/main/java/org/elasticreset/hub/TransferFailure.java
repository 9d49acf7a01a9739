package org.elasticreset.hub;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request that may well succeed if it is made again. */
final class TransferFailure extends Exception {

  private static final long serialVersionUID = 1L;

  private final @Nullable Duration retryAfter;

  TransferFailure(String message) {
    this(message, null, null);
  }

  TransferFailure(String message, @Nullable Throwable cause) {
    this(message, cause, null);
  }

  TransferFailure(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long the server asks us to wait. */
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
