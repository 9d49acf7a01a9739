package org.elasticreset.evidence;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One run of a sweep.
 *
 * @param settings that were swept, by name, with their value in this run
 * @param seed of the run
 * @param response the figure that the sweep is about, such as reward at a drift
 */
public record Trial(SortedMap<String, Double> settings, long seed, double response) {
  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if there is no setting, or a number is not finite
   */
  public Trial {
    settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    Require.that(!settings.isEmpty(), "settings", "none", "at least one");
    settings.forEach(Require::finite);
    Require.finite("response", response);
  }

  /** From settings in any order. */
  public static Trial of(Map<String, Double> settings, long seed, double response) {
    return new Trial(new TreeMap<>(settings), seed, response);
  }
}
