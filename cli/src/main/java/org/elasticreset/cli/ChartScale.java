package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A scale from values to pixels, with round ticks.
 *
 * @param ticks round values, rising; an even scale begins and ends with one
 * @param decimals of a tick's label
 * @param from pixels of the low end
 * @param to pixels of the high end
 */
public record ChartScale(
    Spacing spacing, double low, double high, List<Double> ticks, int decimals, int from, int to) {

  /** How values are spread. */
  public enum Spacing {
    /** Equal differences are equally far. */
    EVEN {
      @Override
      double place(double value) {
        return value;
      }
    },
    /**
     * Equal differences of square roots are equally far: of KL, which grows with the square of a
     * small step, as Gao et al. 2022 (Scaling Laws for Reward Model Overoptimization) draw it.
     */
    ROOT {
      @Override
      double place(double value) {
        return Math.sqrt(Math.max(0, value));
      }
    },
    /** Equal ratios are equally far: of perplexity, the exponential of a loss. */
    LOG {
      @Override
      double place(double value) {
        return Math.log(value);
      }
    };

    abstract double place(double value);
  }

  private static final double[] ROUND = {1, 2, 5};
  private static final double[] ENDS = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12};

  /** Pixels between two ticks of an uneven scale, at least. */
  private static final int APART = 44;

  /** Copies. */
  public ChartScale {
    ticks = List.copyOf(ticks);
  }

  /**
   * The even scale that shows these values.
   *
   * @param fromZero whether it begins at zero
   */
  public static ChartScale of(double[] values, int from, int to, boolean fromZero) {
    double low = fromZero ? 0 : Double.MAX_VALUE;
    double high = fromZero ? 0.5 : -Double.MAX_VALUE;
    for (double value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double span = Math.max(high - low, 0.05);
    double step = roundStep(span / 5);
    double first = Math.floor(low / step + 0.02) * step;
    double last = Math.ceil(high / step + 0.02) * step;
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((last - first) / step);
    for (int i = 0; i <= count; i++) {
      ticks.add(first + i * step);
    }
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return new ChartScale(Spacing.EVEN, first, last, ticks, decimals, from, to);
  }

  /**
   * An uneven scale that shows these values, of which none is negative: by roots from zero, by
   * logs, where all are above zero, from a round value.
   */
  public static ChartScale spaced(Spacing spacing, double[] values, int from, int to) {
    double least = Double.MAX_VALUE;
    double most = 0.5;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double low = spacing == Spacing.LOG ? roundDown(least) : 0;
    double high = roundUp(most);
    ChartScale bare = new ChartScale(spacing, low, high, List.of(), 0, from, to);
    List<Double> ticks = new ArrayList<>(List.of(low));
    for (double power = 0.1; power <= high; power *= 10) {
      for (double lead : ROUND) {
        double tick = lead * power;
        double last = ticks.get(ticks.size() - 1);
        if (tick > low && tick <= high && Math.abs(bare.at(tick) - bare.at(last)) >= APART) {
          ticks.add(tick);
        }
      }
    }
    int decimals = ticks.size() > 1 && ticks.get(1) < 1 ? 1 : 0;
    return new ChartScale(spacing, low, high, ticks, decimals, from, to);
  }

  /** The least round value from this one on. */
  private static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    return DoubleStream.of(ENDS)
        .map(end -> end * power)
        .filter(end -> end >= value)
        .min()
        .orElseThrow();
  }

  /** The greatest round value up to this one. */
  private static double roundDown(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    return DoubleStream.of(ENDS)
        .map(end -> end * power)
        .filter(end -> end <= value)
        .max()
        .orElse(power);
  }

  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  /** Pixels of a value. */
  public double at(double value) {
    double begin = spacing.place(low);
    return from + (to - from) * (spacing.place(value) - begin) / (spacing.place(high) - begin);
  }

  /** A tick with as many decimals as the ticks differ in. */
  public String label(double tick) {
    return Figures.of(tick, decimals);
  }
}
