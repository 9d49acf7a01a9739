package org.elasticreset.evidence;

import java.util.List;

/**
 * What one swept setting does by itself, averaged over all the others.
 *
 * @param setting its name
 * @param levels by rising value: the values of a grid, or bins of equally many runs
 * @param range the best level's mean minus the worst's, in units of the response; never negative,
 *     so partly chance
 * @param share first-order share of the response's variance, 0 to 1, corrected for what chance
 *     alone would give
 * @param shareInterval of {@code share}, by bootstrap over runs
 * @param pValue of a permutation test that the setting does nothing
 * @param influence in a word
 */
public record MainEffect(
    String setting,
    List<Level> levels,
    double range,
    double share,
    Interval shareInterval,
    double pValue,
    Influence influence) {

  /**
   * The runs at one value, or in one bin.
   *
   * @param low smallest value of the setting in it
   * @param high largest; equal to {@code low} on a grid
   * @param runs how many
   * @param mean of their responses, each without the mean of its seed and with that of all
   * @param standardError of {@code mean}; NaN for one run
   */
  public record Level(double low, double high, int runs, double mean, double standardError) {}

  /** How much a setting matters. */
  public enum Influence {
    /** Shown to do something: p below 0.05, corrected for the number of settings. */
    MATTERS,
    /** Shown to be small: at most a tenth of the variance, at the interval's upper end. */
    FLAT,
    /** Neither is shown by so many runs. */
    UNCLEAR
  }

  /** Copies. */
  public MainEffect {
    levels = List.copyOf(levels);
  }

  /** The level with the best mean response. */
  public Level best() {
    return levels.stream().max((a, b) -> Double.compare(a.mean(), b.mean())).orElseThrow();
  }
}
