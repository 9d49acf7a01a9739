package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A figure of an arm minus that of the baseline, seed by seed. Runs of one seed share prompts,
 * initial policy and random streams, so much of what chance does to one it does to the other.
 *
 * @param seeds that both have the figure of, rising
 * @param values arm − baseline, as {@code seeds}
 * @param unpaired seeds of either arm that are left out, since the other lacks the run or the
 *     figure
 */
public record PairedDifferences(List<Long> seeds, List<Double> values, List<Long> unpaired) {
  /**
   * Validates, and copies.
   *
   * @throws IllegalArgumentException if there is not one finite value for each seed
   */
  public PairedDifferences {
    seeds = List.copyOf(seeds);
    values = List.copyOf(values);
    unpaired = List.copyOf(unpaired);
    Require.that(seeds.size() == values.size(), "values", values.size(), "one for each seed");
    values.forEach(value -> Require.finite("difference", value));
  }

  /**
   * The differences between two arms.
   *
   * @param figure of a run, if it has it: reward at a drift, area, last reward
   */
  public static PairedDifferences between(
      Arm arm, Arm baseline, Function<Curve, OptionalDouble> figure) {
    List<Long> seeds = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    List<Long> unpaired = new ArrayList<>();
    for (long seed : allSeeds(arm, baseline)) {
      OptionalDouble of = figure(arm, seed, figure);
      OptionalDouble from = figure(baseline, seed, figure);
      if (of.isPresent() && from.isPresent()) {
        seeds.add(seed);
        values.add(of.getAsDouble() - from.getAsDouble());
      } else {
        unpaired.add(seed);
      }
    }
    return new PairedDifferences(seeds, values, unpaired);
  }

  /** The values, in the order of the seeds. */
  public double[] toArray() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Long> allSeeds(Arm arm, Arm baseline) {
    List<Long> seeds = new ArrayList<>();
    arm.curves().forEach(curve -> seeds.add(curve.seed()));
    baseline.curves().forEach(curve -> seeds.add(curve.seed()));
    return seeds.stream().distinct().sorted().toList();
  }

  private static OptionalDouble figure(Arm arm, long seed, Function<Curve, OptionalDouble> figure) {
    return arm.curve(seed).map(figure).orElse(OptionalDouble.empty());
  }
}
