package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.elasticreset.evidence.Arm;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.Comparisons;
import org.elasticreset.evidence.DriftLevels;
import org.elasticreset.evidence.DriftRange;
import org.elasticreset.evidence.Front;
import org.elasticreset.evidence.FrontBand;
import org.elasticreset.evidence.Interpolation;
import org.elasticreset.evidence.MeanPath;
import org.jspecify.annotations.Nullable;

/**
 * The arms by one reward and one drift: their paths, their rewards at equal drifts and the areas
 * under their fronts.
 *
 * @param arms that have a finished run, in the order of the experiment
 * @param levels by rising drift; empty where nothing can be compared
 * @param isPlanned whether the file named the primary level, before the runs
 * @param area under the fronts up to the primary level
 * @param problem why nothing can be compared; empty where something is
 */
record ComparedView(
    Measure reward,
    Measure drift,
    List<Arm> arms,
    String baseline,
    List<AtLevel> levels,
    boolean isPlanned,
    Optional<UnderFront> area,
    String problem) {
  static final double CONFIDENCE = 0.95;

  /** Every arm within one drift; {@code heights} by arm. */
  record AtLevel(
      DriftLevels.Level level,
      Map<String, FrontBand.Height> heights,
      List<Comparison> comparisons) {}

  /** Areas by arm, as mean heights, and their differences. */
  record UnderFront(DriftRange range, Map<String, Double> means, List<Comparison> comparisons) {}

  /**
   * Compares; only runs that have finished count.
   *
   * @param names of all arms
   * @param planned the drift that verdicts are to rest on; null where the file names none
   */
  static ComparedView of(
      List<String> names,
      String baseline,
      List<MeasuredRun> runs,
      Measure reward,
      Measure drift,
      @Nullable Double planned) {
    List<Arm> arms =
        names.stream().flatMap(name -> ArmFigures.of(name, runs, drift, reward).stream()).toList();
    Optional<Arm> base = arms.stream().filter(arm -> arm.name().equals(baseline)).findFirst();
    if (base.isEmpty() || arms.size() < 2) {
      String problem =
          base.isEmpty()
              ? "No run of the baseline, " + baseline + ", has finished."
              : "No run of another arm than the baseline has finished.";
      return new ComparedView(
          reward, drift, arms, baseline, List.of(), false, Optional.empty(), problem);
    }
    try {
      return compared(arms, base.get(), reward, drift, planned);
    } catch (IllegalArgumentException e) {
      String problem = "There is no drift to compare at: " + e.getMessage() + ".";
      return new ComparedView(
          reward, drift, arms, baseline, List.of(), false, Optional.empty(), problem);
    }
  }

  private static ComparedView compared(
      List<Arm> arms, Arm baseline, Measure reward, Measure drift, @Nullable Double planned) {
    DriftLevels levels =
        DriftLevels.of(arms, planned == null ? OptionalDouble.empty() : OptionalDouble.of(planned));
    List<AtLevel> atLevels = new ArrayList<>();
    for (DriftLevels.Level level : levels.levels()) {
      Map<String, FrontBand.Height> heights = new TreeMap<>();
      for (Arm arm : arms) {
        FrontBand.of(arm, List.of(level.drift()), Interpolation.LINEAR).heights().stream()
            .findFirst()
            .ifPresent(height -> heights.put(arm.name(), height));
      }
      List<Comparison> comparisons =
          Comparisons.against(
              baseline,
              arms,
              curve -> Front.of(curve).rewardAt(level.drift(), Interpolation.LINEAR),
              CONFIDENCE);
      atLevels.add(new AtLevel(level, heights, comparisons));
    }
    DriftRange range = new DriftRange(DriftLevels.floor(arms), levels.primary().drift());
    return new ComparedView(
        reward,
        drift,
        arms,
        baseline.name(),
        atLevels,
        planned != null,
        Optional.of(underFront(arms, baseline, range)),
        "");
  }

  private static UnderFront underFront(List<Arm> arms, Arm baseline, DriftRange range) {
    Map<String, Double> means = new TreeMap<>();
    for (Arm arm : arms) {
      arm.curves().stream()
          .flatMapToDouble(curve -> Front.of(curve).area(range, Interpolation.LINEAR).stream())
          .average()
          .ifPresent(mean -> means.put(arm.name(), mean));
    }
    List<Comparison> comparisons =
        Comparisons.against(
            baseline, arms, curve -> Front.of(curve).area(range, Interpolation.LINEAR), CONFIDENCE);
    return new UnderFront(range, means, comparisons);
  }

  /** The level that verdicts rest on. */
  Optional<AtLevel> primary() {
    return levels.stream().filter(level -> level.level().primary()).findFirst();
  }

  List<MeanPath> paths() {
    return arms.stream().map(MeanPath::of).toList();
  }

  String key() {
    return reward.key() + "-" + drift.key();
  }
}
