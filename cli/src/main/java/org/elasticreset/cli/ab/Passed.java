package org.elasticreset.cli.ab;

import java.util.Locale;

/** Why something that came is not counted, or not yet. */
public enum Passed {
  /** A request whose key was seen before; it is answered once. */
  REQUEST_DUPLICATE,
  /** A request without a key or a text. */
  REQUEST_MALFORMED,
  /** A prompt that no answer came for in time. */
  UNANSWERED,
  /** A second answer to one prompt. */
  ANSWER_DUPLICATE,
  /** An outcome of a prompt that has one. */
  OUTCOME_DUPLICATE,
  /** An outcome of a prompt that nobody asked for, as yet. */
  OUTCOME_UNKNOWN,
  /** An outcome that came after its window. */
  OUTCOME_LATE,
  /** An outcome without an id, or whose value is no number. */
  OUTCOME_MALFORMED,
  /** An outcome outside of the metric's bounds. */
  OUTCOME_OUT_OF_BOUNDS,
  /** An answer whose outcome never came. */
  OUTCOME_ABSENT;

  /** As files have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
