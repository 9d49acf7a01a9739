package org.elasticreset.evidence;

/** What can be said of an arm beside the baseline, with the stated chance of a false claim. */
public enum Verdict {
  /** More than the baseline. */
  BETTER("better"),
  /** Less than the baseline. */
  WORSE("worse"),
  /** The difference may be chance, or nothing. It is not shown that the arms are equal. */
  NOT_DISTINGUISHABLE("not distinguishable"),
  /** Fewer than two seeds have both arms: nothing is known of chance. */
  TOO_FEW_SEEDS("too few seeds");

  private final String words;

  Verdict(String words) {
    this.words = words;
  }

  /** As a sentence has it. */
  public String words() {
    return words;
  }
}
