package org.elasticreset.cli.experiment;

import java.util.Arrays;
import java.util.Optional;
import org.elasticreset.cli.Figures;

/**
 * A figure over seeds.
 *
 * @param deviation over n − 1; NaN for one seed
 */
record Spread(double mean, double deviation, int seeds) {

  static Optional<Spread> of(double[] values) {
    if (values.length == 0) {
      return Optional.empty();
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return Optional.of(new Spread(mean, Math.sqrt(squares / (values.length - 1)), values.length));
  }

  /** {@code 0.941 ± 0.012}. */
  String shown(int decimals) {
    return withError(mean, deviation, decimals);
  }

  static String withError(double mean, double error, int decimals) {
    String text = Figures.of(mean, decimals);
    return Double.isFinite(error) ? text + " ± " + Figures.of(error, decimals) : text;
  }
}
