package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.List;

/** A linear scale from values to pixels, with round ticks. */
public record ChartScale(double low, double high, double step, int from, int to) {
  /**
   * The scale that shows these values.
   *
   * @param from pixels of the low end
   * @param to pixels of the high end
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
    return new ChartScale(
        Math.floor(low / step + 0.02) * step, Math.ceil(high / step + 0.02) * step, step, from, to);
  }

  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  /** Pixels of a value. */
  public double at(double value) {
    return from + (to - from) * (value - low) / (high - low);
  }

  /** Round values, both ends among them. */
  public List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    long count = Math.round((high - low) / step);
    for (int i = 0; i <= count; i++) {
      ticks.add(low + i * step);
    }
    return ticks;
  }

  /** A tick with as many decimals as the ticks differ in. */
  public String label(double tick) {
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    return Figures.of(tick, decimals);
  }
}
