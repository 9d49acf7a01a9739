package org.elasticreset.feed;

import java.time.Duration;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jspecify.annotations.Nullable;

/** A policy that is waited for does not come; the message says which, and what is here. */
public final class PolicyUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PolicyUnavailableException(String message) {
    super(message);
  }

  static PolicyUnavailableException ofStep(
      long step, Duration patience, @Nullable PolicyVersion here, String lastFailure) {
    return new PolicyUnavailableException(
        "the policy of step %d did not come within %s, %s is here (%s)"
            .formatted(
                step,
                patience,
                here == null ? "none" : "that of step " + here.getStep(),
                lastFailure));
  }

  static PolicyUnavailableException of(
      long minimum, String why, @Nullable PolicyVersion here, String lastFailure) {
    return new PolicyUnavailableException(
        "minimum_policy_version: %d %s, version %d is here (%s)"
            .formatted(minimum, why, here == null ? 0 : here.getVersion(), lastFailure));
  }
}
