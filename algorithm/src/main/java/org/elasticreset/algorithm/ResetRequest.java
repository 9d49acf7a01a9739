package org.elasticreset.algorithm;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * An operator's wish for a reset.
 *
 * @param requestedBy who asks; not blank
 * @param reason why; may be empty
 */
public record ResetRequest(String requestedBy, String reason) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if nobody is named
   */
  public ResetRequest {
    Require.notBlank("requestedBy", requestedBy);
  }

  /** One wish of all who approved of it. */
  static ResetRequest ofAll(List<ResetRequest> approvals) {
    return new ResetRequest(
        approvals.stream().map(ResetRequest::requestedBy).collect(Collectors.joining(" and ")),
        approvals.stream()
            .map(ResetRequest::reason)
            .filter(reason -> !reason.isBlank())
            .collect(Collectors.joining("; ")));
  }

  /** Whether the same person asks, however the name is written. */
  boolean isOfSamePersonAs(ResetRequest other) {
    return folded().equals(other.folded());
  }

  private String folded() {
    return requestedBy.strip().toLowerCase(Locale.ROOT);
  }

  String inWords() {
    return "requested by " + requestedBy + (reason.isBlank() ? "" : ": " + reason);
  }
}
