package org.elasticreset.model.text;

import java.util.Optional;

/**
 * Two answers to one prompt, of which somebody likes the first better.
 *
 * @param split the part of the data that the file counts the pair to, if it says so
 */
public record PreferencePair(
    String prompt, String chosen, String rejected, Optional<String> split) {

  /** Whether the better answer has more characters: 1, or 0, or ½ where both are as long. */
  public double longerWins() {
    return 0.5 + 0.5 * Integer.signum(Integer.compare(chosen.length(), rejected.length()));
  }

  /** Whether the longer answer is at most {@code ratio} times as long as the other. */
  public boolean alikeInLength(double ratio) {
    int longer = Math.max(chosen.length(), rejected.length());
    return longer <= ratio * Math.min(chosen.length(), rejected.length());
  }
}
