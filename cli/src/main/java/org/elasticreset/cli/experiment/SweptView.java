package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.elasticreset.cli.experiment.SweepPlan.Cell;
import org.elasticreset.evidence.Arm;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.Comparisons;
import org.elasticreset.evidence.Curve;
import org.elasticreset.evidence.Front;
import org.elasticreset.evidence.Interpolation;
import org.elasticreset.evidence.MainEffect;
import org.elasticreset.evidence.Sensitivity;
import org.elasticreset.evidence.Trial;
import org.jspecify.annotations.Nullable;

/**
 * A sweep by one reward and one drift: the best reward of each run within one drift, and what of it
 * the settings explain.
 *
 * @param level the drift that the file names, or the median over the combinations of how far they
 *     went. It is chosen from drifts alone. The front of a combination that never went so far is
 *     flat: its best reward stands
 * @param isPlanned whether the file named it
 * @param responses of the finished runs
 * @param effects of the settings, the largest first; empty below four runs
 * @param shareEffect of the initial share ηⁿ alone, where every combination has a fixed interval
 */
record SweptView(
    SweepPlan plan,
    Measure reward,
    Measure drift,
    double level,
    boolean isPlanned,
    List<Response> responses,
    List<MainEffect> effects,
    Optional<MainEffect> shareEffect,
    List<Ranked> ranking) {
  static final double CONFIDENCE = 0.95;

  /** As a setting: what interval and decay make together. */
  static final String INITIAL_SHARE = "initial share";

  private static final int LEAST_RUNS = 4;

  /** One run: what it got within the level, how far it went and where it ended. */
  record Response(
      Cell cell, long seed, double reward, double reach, double lastReward, double lastDrift) {}

  /** A combination by its mean, and how far the best is above it; the best has no comparison. */
  record Ranked(Cell cell, double mean, int seeds, Optional<Comparison> besideBest) {}

  /**
   * Evaluates the finished runs.
   *
   * @param shares ηⁿ by the name of a cell
   * @param planned the drift to measure at; null where the file names none
   */
  static SweptView of(
      SweepPlan plan,
      Map<String, Double> shares,
      List<MeasuredRun> runs,
      Measure reward,
      Measure drift,
      @Nullable Double planned) {
    Map<String, Arm> arms = new HashMap<>();
    for (Cell cell : plan.cells()) {
      ArmFigures.of(cell.name(), runs, drift, reward).ifPresent(arm -> arms.put(cell.name(), arm));
    }
    double level =
        planned == null
            ? median(arms.values().stream().mapToDouble(Arm::medianReach).toArray())
            : planned;
    List<Response> responses = new ArrayList<>();
    for (Cell cell : plan.cells()) {
      Arm arm = arms.get(cell.name());
      for (Curve curve : arm == null ? List.<Curve>of() : arm.curves()) {
        within(curve, level)
            .ifPresent(
                best ->
                    responses.add(
                        new Response(
                            cell,
                            curve.seed(),
                            best,
                            curve.reach(),
                            curve.last().reward(),
                            curve.last().drift())));
      }
    }
    return new SweptView(
        plan,
        reward,
        drift,
        level,
        planned != null,
        responses,
        effects(responses, cell -> numbers(plan, cell)),
        shareEffect(responses, shares),
        ranking(plan, arms, level));
  }

  private static OptionalDouble within(Curve curve, double level) {
    return Front.of(curve).rewardAt(level, Interpolation.LINEAR);
  }

  private static double median(double[] values) {
    if (values.length == 0) {
      return 0;
    }
    Arrays.sort(values);
    return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
  }

  private interface Numbers {
    Map<String, Double> of(Cell cell);
  }

  private static Map<String, Double> numbers(SweepPlan plan, Cell cell) {
    Map<String, Double> numbers = new HashMap<>();
    plan.axes().forEach(axis -> numbers.put(axis.setting(), cell.number(axis.setting())));
    return numbers;
  }

  private static List<MainEffect> effects(List<Response> responses, Numbers numbers) {
    if (responses.size() < LEAST_RUNS) {
      return List.of();
    }
    return Sensitivity.of(
        responses.stream()
            .map(run -> Trial.of(numbers.of(run.cell()), run.seed(), run.reward()))
            .toList(),
        CONFIDENCE);
  }

  private static Optional<MainEffect> shareEffect(
      List<Response> responses, Map<String, Double> shares) {
    boolean known = responses.stream().allMatch(run -> shares.containsKey(run.cell().name()));
    if (!known
        || responses.stream().map(run -> shares.get(run.cell().name())).distinct().count() < 3) {
      return Optional.empty();
    }
    return effects(responses, cell -> Map.of(INITIAL_SHARE, shares.getOrDefault(cell.name(), 0.0)))
        .stream()
        .findFirst();
  }

  private static List<Ranked> ranking(SweepPlan plan, Map<String, Arm> arms, double level) {
    Map<String, Double> means = new HashMap<>();
    arms.forEach(
        (name, arm) ->
            arm.curves().stream()
                .flatMapToDouble(curve -> within(curve, level).stream())
                .average()
                .ifPresent(mean -> means.put(name, mean)));
    ToDoubleFunction<Cell> mean = cell -> means.getOrDefault(cell.name(), Double.NaN);
    List<Cell> cells =
        plan.cells().stream()
            .filter(cell -> means.containsKey(cell.name()))
            .sorted(Comparator.comparingDouble(mean).reversed())
            .toList();
    if (cells.isEmpty()) {
      return List.of();
    }
    Function<Cell, Arm> arm = cell -> Objects.requireNonNull(arms.get(cell.name()));
    Arm best = arm.apply(cells.get(0));
    Map<String, Comparison> comparisons = new HashMap<>();
    Comparisons.against(
            best, cells.stream().map(arm).toList(), curve -> within(curve, level), CONFIDENCE)
        .forEach(comparison -> comparisons.put(comparison.arm(), comparison));
    return cells.stream()
        .map(
            cell ->
                new Ranked(
                    cell,
                    mean.applyAsDouble(cell),
                    arm.apply(cell).curves().size(),
                    Optional.ofNullable(comparisons.get(cell.name()))))
        .toList();
  }

  String key() {
    return reward.key() + "-" + drift.key();
  }
}
