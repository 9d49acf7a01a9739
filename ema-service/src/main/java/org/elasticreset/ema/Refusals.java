package org.elasticreset.ema;

import static io.grpc.Status.FAILED_PRECONDITION;
import static io.grpc.Status.INTERNAL;
import static io.grpc.Status.INVALID_ARGUMENT;
import static io.grpc.Status.RESOURCE_EXHAUSTED;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.v1.Resume;

/** What a caller is told that cannot have what it asks for. */
final class Refusals {

  private Refusals() {}

  /** The request itself cannot be, whenever it is made. */
  static StatusRuntimeException invalid(String message, Object... values) {
    return INVALID_ARGUMENT.withDescription(message.formatted(values)).asRuntimeException();
  }

  static StatusRuntimeException invalid(IllegalArgumentException e) {
    return INVALID_ARGUMENT.withDescription(e.getMessage()).withCause(e).asRuntimeException();
  }

  /** The request cannot be where the run stands. */
  static StatusRuntimeException precondition(String message) {
    return FAILED_PRECONDITION.withDescription(message).asRuntimeException();
  }

  static void throwIfAny(Optional<String> refusal) {
    if (refusal.isPresent()) {
      throw precondition(refusal.get());
    }
  }

  /** There is no room for it. */
  static StatusRuntimeException exhausted(String message, Object... values) {
    return RESOURCE_EXHAUSTED.withDescription(message.formatted(values)).asRuntimeException();
  }

  static StatusRuntimeException resume(Resume point, String why, List<Long> held) {
    return precondition(
        "resume behind step %s is not possible: %s (held: %s)"
            .formatted(
                Long.toUnsignedString(point.getStep()),
                why,
                held.isEmpty() ? "no snapshot" : "snapshots of steps " + held));
  }

  /** The disk failed; RESOURCE_EXHAUSTED where there is no room on it. */
  static StatusRuntimeException disk(String what, IOException failure) {
    String reason = String.valueOf(failure.getMessage());
    boolean full =
        reason.contains("No space left")
            || reason.contains("quota exceeded")
            || reason.contains("not enough space");
    return (full ? RESOURCE_EXHAUSTED : INTERNAL)
        .withDescription("%s: the disk failed with %s".formatted(what, failure))
        .withCause(failure)
        .asRuntimeException();
  }
}
