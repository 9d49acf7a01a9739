package org.elasticreset.evidence;

import java.util.Locale;

/**
 * What a live comparison says at some moment.
 *
 * @param because in a sentence
 */
public record AbDecision(Verdict verdict, String because) {

  /** Ship B, keep A, or wait. */
  public enum Verdict {
    /** B raises the metric, and no guard rail stands against it. */
    SHIP,
    /** B gains too little, or broke a guard rail. */
    KEEP,
    /** Neither is shown yet. */
    UNDECIDED;

    /** As people read it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
