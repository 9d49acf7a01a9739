package org.elasticreset.evidence;

import java.util.Arrays;

/** Figures drawn alike: mean, deviation and error. */
final class Sample {
  private final double[] values;
  private final double mean;
  private final double deviation;

  Sample(double[] values) {
    Require.that(values.length > 0, "values", "none", "at least one");
    for (double value : values) {
      Require.finite("value", value);
    }
    this.values = values.clone();
    this.mean = Arrays.stream(values).sum() / values.length;
    double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    this.deviation = Math.sqrt(squares / (values.length - 1));
  }

  int size() {
    return values.length;
  }

  double[] values() {
    return values.clone();
  }

  double mean() {
    return mean;
  }

  /** Over n − 1; NaN for one value. */
  double deviation() {
    return deviation;
  }

  /** Of the mean; NaN for one value. */
  double standardError() {
    return deviation / Math.sqrt(values.length);
  }
}
