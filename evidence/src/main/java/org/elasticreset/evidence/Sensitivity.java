package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * First-order main effects of swept settings on a response, for grids and for samples alike.
 *
 * <pre>
 *   S_i = Var(E[Y | X_i]) / Var(Y)
 * </pre>
 *
 * <p>The first-order index of Sobol (Sensitivity estimates for nonlinear mathematical models,
 * 1993), estimated from given data: the runs are grouped by the value of X_i, or, where a sample
 * took more values than {@value #MOST_LEVELS}, into bins of equally many runs, and the variance of
 * group means is held against the whole (Plischke, Borgonovo and Smith, Global sensitivity measures
 * from given data, European Journal of Operational Research 226(3), 2013). Group means scatter by
 * chance, too, so the share is ε² (Kelley, An unbiased correlation ratio measure, PNAS 21(9),
 * 1935):
 *
 * <pre>
 *   ε² = (SS_between − (g − 1) MS_within) / SS_total,   not below 0
 * </pre>
 *
 * <p>What a seed adds to all of its runs is taken out first, if every seed ran the same settings:
 * the sweep is then a block design, and runs are shuffled and drawn within their seed.
 */
public final class Sensitivity {
  static final int MOST_LEVELS = 8;
  private static final int LEAST_RUNS = 4;
  private static final int RESAMPLES = 1000;
  private static final double FLAT_SHARE = 0.1;

  /** Without the mean of their block. */
  private final double[] responses;

  private final double mean;

  /** The runs of each block: those of a seed, or all. */
  private final List<int[]> blocks;

  private Sensitivity(List<Trial> trials) {
    this.mean = trials.stream().mapToDouble(Trial::response).average().orElseThrow();
    this.responses = new double[trials.size()];
    this.blocks = blocks(trials);
    for (int[] block : blocks) {
      double ofBlock =
          Arrays.stream(block).mapToDouble(i -> trials.get(i).response()).average().orElseThrow();
      for (int i : block) {
        responses[i] = trials.get(i).response() - ofBlock;
      }
    }
  }

  /**
   * The main effects, the largest share first.
   *
   * @param trials all with the same settings; at least four
   * @param confidence of the intervals of the shares
   */
  public static List<MainEffect> of(List<Trial> trials, double confidence) {
    Require.probability("confidence", confidence);
    Require.that(trials.size() >= LEAST_RUNS, "runs", trials.size(), "at least " + LEAST_RUNS);
    List<String> names = List.copyOf(trials.get(0).settings().keySet());
    for (Trial trial : trials) {
      Require.that(
          List.copyOf(trial.settings().keySet()).equals(names),
          "settings",
          trial.settings().keySet(),
          "those of the other runs, " + names);
    }
    Sensitivity sensitivity = new Sensitivity(trials);
    List<MainEffect> effects = new ArrayList<>();
    for (String name : names) {
      effects.add(
          sensitivity.effect(
              name,
              trials.stream().mapToDouble(trial -> trial.settings().get(name)).toArray(),
              names.size(),
              confidence));
    }
    effects.sort(Comparator.comparingDouble(MainEffect::share).reversed());
    return effects;
  }

  private MainEffect effect(String name, double[] values, int settings, double confidence) {
    int[] groups = groups(values);
    int count = Arrays.stream(groups).max().orElseThrow() + 1;
    double share = share(groups, count, IntStream.range(0, groups.length).toArray());
    double p = permutationP(groups, count);
    Interval interval = bootstrap(groups, count, confidence, share);
    List<MainEffect.Level> levels = levels(values, groups, count);
    ToDoubleFunction<MainEffect.Level> mean = MainEffect.Level::mean;
    double range =
        levels.stream().mapToDouble(mean).max().orElseThrow()
            - levels.stream().mapToDouble(mean).min().orElseThrow();
    MainEffect.Influence influence =
        p * settings <= 0.05
            ? MainEffect.Influence.MATTERS
            : interval.high() <= FLAT_SHARE
                ? MainEffect.Influence.FLAT
                : MainEffect.Influence.UNCLEAR;
    return new MainEffect(name, levels, range, clip(share), interval, p, influence);
  }

  /** The group of each run: its value's rank on a grid, its bin's in a sample. */
  private static int[] groups(double[] values) {
    double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
    if (distinct.length <= MOST_LEVELS) {
      return Arrays.stream(values).mapToInt(v -> Arrays.binarySearch(distinct, v)).toArray();
    }
    // Bins of values, not of runs: what was set alike stays together.
    int bins = Math.max(2, Math.min(MOST_LEVELS, distinct.length / 4));
    return Arrays.stream(values)
        .mapToInt(v -> Arrays.binarySearch(distinct, v) * bins / distinct.length)
        .toArray();
  }

  /** ε² of the runs {@code drawn}, which may be below 0. */
  private double share(int[] groups, int count, int[] drawn) {
    double[] sums = new double[count];
    int[] sizes = new int[count];
    double sum = 0;
    double squares = 0;
    for (int run : drawn) {
      sums[groups[run]] += responses[run];
      sizes[groups[run]]++;
      sum += responses[run];
      squares += responses[run] * responses[run];
    }
    double offset = sum * sum / drawn.length;
    double between = -offset;
    int filled = 0;
    for (int group = 0; group < count; group++) {
      if (sizes[group] > 0) {
        between += sums[group] * sums[group] / sizes[group];
        filled++;
      }
    }
    double total = squares - offset;
    int freedom = drawn.length - filled - (blocks.size() - 1);
    if (total <= 1e-12 * mean * mean || freedom <= 0) {
      return 0;
    }
    return (between - (filled - 1) * (total - between) / freedom) / total;
  }

  /** The share of shuffles, within blocks, that part the groups at least as far. */
  private double permutationP(int[] groups, int count) {
    SplittableRandom random = new SplittableRandom(1);
    int[] order = IntStream.range(0, groups.length).toArray();
    double observed = between(groups, count, order);
    int asFar = 1;
    for (int b = 1; b < RESAMPLES; b++) {
      for (int[] block : blocks) {
        shuffle(order, block, random);
      }
      asFar += between(groups, count, order) >= observed * (1 - 1e-9) ? 1 : 0;
    }
    return (double) asFar / RESAMPLES;
  }

  /** SS_between, if run i had the response of run {@code order[i]}; the mean of all is 0. */
  private double between(int[] groups, int count, int[] order) {
    double[] sums = new double[count];
    int[] sizes = new int[count];
    for (int i = 0; i < groups.length; i++) {
      sums[groups[i]] += responses[order[i]];
      sizes[groups[i]]++;
    }
    double between = 0;
    for (int group = 0; group < count; group++) {
      between += sums[group] * sums[group] / sizes[group];
    }
    return between;
  }

  /**
   * Runs drawn again scatter around the uncorrected share, since what chance did is to them what
   * is; so it is their distances from their own mean that are laid around the share.
   */
  private Interval bootstrap(int[] groups, int count, double confidence, double share) {
    SplittableRandom random = new SplittableRandom(2);
    double[] shares = new double[RESAMPLES];
    for (int b = 0; b < RESAMPLES; b++) {
      int[] drawn = new int[groups.length];
      for (int[] block : blocks) {
        for (int i : block) {
          drawn[i] = block[random.nextInt(block.length)];
        }
      }
      shares[b] = share(groups, count, drawn);
    }
    Arrays.sort(shares);
    double centre = Arrays.stream(shares).average().orElseThrow();
    double tail = (1 - confidence) / 2;
    double low = share + shares[(int) Math.floor(tail * (RESAMPLES - 1))] - centre;
    double high = share + shares[(int) Math.ceil((1 - tail) * (RESAMPLES - 1))] - centre;
    return new Interval(clip(low), clip(high), confidence);
  }

  private static void shuffle(int[] order, int[] block, SplittableRandom random) {
    for (int i = block.length - 1; i > 0; i--) {
      int j = block[random.nextInt(i + 1)];
      int swapped = order[block[i]];
      order[block[i]] = order[j];
      order[j] = swapped;
    }
  }

  private static double clip(double share) {
    return Math.max(0, Math.min(1, share));
  }

  private List<MainEffect.Level> levels(double[] values, int[] groups, int count) {
    List<MainEffect.Level> levels = new ArrayList<>();
    for (int group = 0; group < count; group++) {
      int wanted = group;
      int[] runs = IntStream.range(0, groups.length).filter(i -> groups[i] == wanted).toArray();
      Sample sample =
          new Sample(Arrays.stream(runs).mapToDouble(i -> mean + responses[i]).toArray());
      double low = Arrays.stream(runs).mapToDouble(i -> values[i]).min().orElseThrow();
      double high = Arrays.stream(runs).mapToDouble(i -> values[i]).max().orElseThrow();
      levels.add(
          new MainEffect.Level(low, high, runs.length, sample.mean(), sample.standardError()));
    }
    return levels;
  }

  private static List<int[]> blocks(List<Trial> trials) {
    List<Long> seeds = trials.stream().map(Trial::seed).distinct().sorted().toList();
    List<String> first = design(trials, seeds.get(0));
    boolean balanced = seeds.stream().allMatch(seed -> design(trials, seed).equals(first));
    if (!balanced || first.size() == 1) {
      return List.of(IntStream.range(0, trials.size()).toArray());
    }
    return seeds.stream()
        .map(
            seed ->
                IntStream.range(0, trials.size())
                    .filter(i -> trials.get(i).seed() == seed)
                    .toArray())
        .toList();
  }

  /** The settings that a seed ran. */
  private static List<String> design(List<Trial> trials, long seed) {
    return trials.stream()
        .filter(trial -> trial.seed() == seed)
        .map(trial -> trial.settings().toString())
        .sorted()
        .toList();
  }
}
