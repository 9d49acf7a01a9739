package org.elasticreset.evidence;

/**
 * The mean of one stream of figures, with an interval that may be looked at after every one of
 * them; asymptotic, see {@link NormalMixture}.
 *
 * @param count figures so far
 */
public record MeanSequence(ConfidenceSequence sequence, long count) {
  /**
   * Before the first figure.
   *
   * @param alpha chance that any interval misses the mean
   * @param planned figures at which the interval is narrowest
   */
  public static MeanSequence empty(double alpha, double planned) {
    return new MeanSequence(NormalMixture.empty(alpha, planned), 0);
  }

  /** With one more figure. */
  public MeanSequence with(double value) {
    Require.finite("value", value);
    return new MeanSequence(sequence.with(value, 1), count + 1);
  }

  /** 0 of none. */
  public double estimate() {
    return sequence.estimate();
  }

  /** Where the mean is, at any time. */
  public Interval interval() {
    return sequence.interval();
  }
}
