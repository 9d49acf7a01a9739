package org.elasticreset.reward.raters.tools;

import java.io.IOException;

/** A tool answered, and not as was expected. What it said is not repeated: it may be a prompt. */
final class ToolRefused extends IOException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * Of a call.
   *
   * @param status of HTTP
   */
  ToolRefused(String call, int status) {
    super(call + " answered " + status);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Whether it is about what was sent: the same would be refused again. */
  boolean isOfContent() {
    return status == 400 || status == 413 || status == 422;
  }
}
