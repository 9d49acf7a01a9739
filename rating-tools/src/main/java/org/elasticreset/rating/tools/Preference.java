package org.elasticreset.rating.tools;

import java.util.List;
import java.util.Optional;

/**
 * Two responses to one prompt, of which people like the first better: a row as the reward and DPO
 * trainers of TRL read it.
 *
 * @param origin where it is from, if that is known
 */
public record Preference(String prompt, String chosen, String rejected, Optional<Origin> origin) {

  /**
   * Whose preference it is.
   *
   * @param policyVersion that drew the responses
   * @param raters who prefer it, sorted
   * @param opposed how many prefer the other
   */
  public record Origin(
      String runId, String requestId, long policyVersion, List<String> raters, int opposed) {
    /** Copies. */
    public Origin {
      raters = List.copyOf(raters);
    }
  }

  /** Whether there is nothing in one of the texts. */
  boolean isBlank() {
    return prompt.isBlank() || chosen.isBlank() || rejected.isBlank();
  }
}
