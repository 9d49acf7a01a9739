package org.elasticreset.cli.experiment;

import java.util.Locale;
import org.elasticreset.cli.Figures;
import org.elasticreset.evidence.Interval;

/** Differences as a person reads them. */
final class SignedFigures {
  private SignedFigures() {}

  /** {@code +0.097}, {@code −0.030}. */
  static String of(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return "–";
    }
    String size = Figures.of(Math.abs(value), decimals);
    boolean isNothing = size.matches("0(\\.0+)?");
    return isNothing ? size : (value < 0 ? "−" : "+") + size;
  }

  /** {@code +0.065 to +0.128}. */
  static String of(Interval interval, int decimals) {
    return of(interval.low(), decimals) + " to " + of(interval.high(), decimals);
  }

  /** {@code 0.002}; below a thousandth {@code < 0.001}. */
  static String probability(double p) {
    return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, p < 0.1 ? "%.3f" : "%.2f", p);
  }
}
