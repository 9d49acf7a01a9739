package org.elasticreset.algorithm;

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

  String inWords() {
    return "requested by " + requestedBy + (reason.isBlank() ? "" : ": " + reason);
  }
}
