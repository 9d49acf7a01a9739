package org.elasticreset.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The drifts at which arms are compared "at equal drift".
 *
 * <p>They are chosen from drifts alone, before a reward is looked at, so that the choice favours
 * nobody. An arm's reach is the median over its seeds of the largest drift that a run reached. The
 * <em>common reach</em>, the smallest reach of the arms that drifted at all, is the furthest that
 * all of them went: there everyone is measured, and no front is merely flat. Levels are a quarter,
 * a half and the whole of it, its doubles well below the longest reach of any arm, and that, if it
 * is a tenth more or further; {@link Level#beyond} names the arms whose fronts are flat at a level.
 * The primary level, on which verdicts rest, is the common reach, or what whoever planned the
 * experiment named. All but that are rounded down to two digits.
 *
 * @param levels by rising drift
 */
public record DriftLevels(List<Level> levels) {
  private static final double WELL_BELOW = 1.5;

  /**
   * One drift.
   *
   * @param in the unit of the comparison
   * @param primary whether verdicts rest on it; exactly one is
   * @param beyond arms whose runs mostly did not drift so far; their best reward stands for them
   */
  public record Level(double drift, boolean primary, List<String> beyond) {
    /** Copies. */
    public Level {
      beyond = List.copyOf(beyond);
    }
  }

  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if not exactly one level is primary
   */
  public DriftLevels {
    levels = levels.stream().sorted(Comparator.comparingDouble(Level::drift)).toList();
    long primaries = levels.stream().filter(Level::primary).count();
    Require.that(primaries == 1, "primary levels", primaries, "exactly 1");
  }

  /** The level that verdicts rest on. */
  public Level primary() {
    return levels.stream().filter(Level::primary).findFirst().orElseThrow();
  }

  /**
   * The levels of these arms, above the drift at which all runs have a policy (0 of KL, the initial
   * policy's perplexity).
   *
   * @param planned the drift that verdicts are to rest on, if one was named before the runs
   * @throws IllegalArgumentException if there is no arm, none drifted, or the planned drift is not
   *     above that of the initial policy
   */
  public static DriftLevels of(List<Arm> arms, OptionalDouble planned) {
    Require.that(!arms.isEmpty(), "arms", "none", "at least one");
    double floor = floor(arms);
    double[] reaches =
        arms.stream()
            .mapToDouble(Arm::medianReach)
            .filter(reach -> reach > floor)
            .sorted()
            .toArray();
    Require.that(reaches.length > 0, "arms", "none drifted beyond " + floor, "at least one");
    double common = reaches[0];
    double longest = reaches[reaches.length - 1];
    double primary = planned.orElse(roundDown(common, floor));
    Require.that(
        primary > floor, "planned drift", primary, "above " + floor + ", where runs begin");
    TreeSet<Double> drifts = new TreeSet<>();
    drifts.add(roundDown(floor + (common - floor) / 4, floor));
    drifts.add(roundDown(floor + (common - floor) / 2, floor));
    drifts.add(roundDown(common, floor));
    for (double reach = 2; reach * (common - floor) < (longest - floor) / WELL_BELOW; reach *= 2) {
      drifts.add(roundDown(floor + reach * (common - floor), floor));
    }
    drifts.add(primary);
    if (longest - floor >= 1.1 * (common - floor)) {
      drifts.add(roundDown(longest, floor));
    }
    return new DriftLevels(
        drifts.stream()
            .map(drift -> new Level(drift, drift == primary, beyond(arms, drift)))
            .toList());
  }

  /** The lowest drift at which every run has a policy. */
  public static double floor(List<Arm> arms) {
    return arms.stream()
        .flatMap(arm -> arm.curves().stream())
        .mapToDouble(curve -> Front.of(curve).points().get(0).drift())
        .max()
        .orElseThrow();
  }

  private static List<String> beyond(List<Arm> arms, double drift) {
    return arms.stream().filter(arm -> arm.medianReach() < drift).map(Arm::name).toList();
  }

  /** To two digits, if that stays above the floor. */
  private static double roundDown(double drift, double floor) {
    double unit = Math.pow(10, Math.floor(Math.log10(Math.abs(drift))) - 1);
    double rounded = Math.floor(drift / unit) * unit;
    double clean = Double.parseDouble(String.format(Locale.ROOT, "%.4g", rounded));
    return clean > floor ? clean : drift;
  }
}
