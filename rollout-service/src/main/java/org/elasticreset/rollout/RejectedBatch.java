package org.elasticreset.rollout;

import org.elasticreset.proto.Untrusted;
import org.jspecify.annotations.Nullable;

/** A batch that goes to the dead letters; the message says which value was wrong. */
final class RejectedBatch extends RuntimeException {

  private final RejectReason reason;

  RejectedBatch(RejectReason reason, String detail) {
    this(reason, detail, null);
  }

  RejectedBatch(RejectReason reason, String detail, @Nullable Throwable cause) {
    super(reason.label() + ": " + Untrusted.shown(detail), cause);
    this.reason = reason;
  }

  RejectReason reason() {
    return reason;
  }
}
