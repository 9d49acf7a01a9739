package org.elasticreset.rating.tools;

/**
 * Two responses to one prompt, of which people like the first better: a row as the reward and DPO
 * trainers of TRL read it.
 */
public record Preference(String prompt, String chosen, String rejected) {

  /** Whether there is nothing in one of the texts. */
  boolean isBlank() {
    return prompt.isBlank() || chosen.isBlank() || rejected.isBlank();
  }
}
