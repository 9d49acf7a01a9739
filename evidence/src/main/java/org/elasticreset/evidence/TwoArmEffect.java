package org.elasticreset.evidence;

import java.util.Optional;

/**
 * The effect of B over A on a metric's mean, of units that were assigned by chance, B with a share
 * p_i that may change from stage to stage.
 *
 * <pre>
 *   m_i = (1 − p_i) μ̂_B + p_i μ̂_A          from earlier units
 *   x_i = (D_i − p_i) (Y_i − m_i)             D_i = 1 in B, 0 in A
 *   w_i = p_i (1 − p_i)
 *   E[x_i | past] = w_i (E Y^B − E Y^A)
 * </pre>
 *
 * <p>x_i/w_i is the augmented inverse-propensity score of unit i, whose mean is the effect whatever
 * the shares were (Howard et al., arXiv 1810.08240, section 4.2; Waudby-Smith et al., arXiv
 * 2103.06476, section 4). So a metric that moves with the time of day biases nothing while shares
 * grow, as comparing the arms' plain means would. Weighted by w_i, the overlap weights of Li,
 * Morgan and Zaslavsky (JASA 113(521), 2018), units of a stage count as much as they tell, and one
 * of a stage with 1 % in B has no hundredfold say.
 *
 * @param sequence of x_i
 * @param bounds of the metric, if it has any
 * @param a units and sum of A
 * @param b units and sum of B
 */
public record TwoArmEffect(ConfidenceSequence sequence, Optional<Bounds> bounds, Tally a, Tally b) {

  /** Smallest and largest value that a metric can take. */
  public record Bounds(double low, double high) {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the bounds are not finite, or not in order
     */
    public Bounds {
      Require.finite("low", low);
      Require.finite("high", high);
      Require.that(low < high, "high", high, "more than low, " + low);
    }
  }

  /** Units of an arm, and the sum of their metric. */
  public record Tally(long count, double sum) {
    /** NaN of none. */
    public double mean() {
      return sum / count;
    }

    private Tally with(double value) {
      return new Tally(count + 1, sum + value);
    }
  }

  /**
   * For a metric without bounds: holds asymptotically, see {@link NormalMixture}.
   *
   * @param alpha chance that any interval misses the effect
   * @param plannedUnits of both arms together, at equal shares, at which the interval is narrowest
   */
  public static TwoArmEffect asymptotic(double alpha, double plannedUnits) {
    return new TwoArmEffect(
        NormalMixture.empty(alpha, plannedUnits / 4),
        Optional.empty(),
        new Tally(0, 0),
        new Tally(0, 0));
  }

  /**
   * For a metric within bounds: holds at every sample size, see {@link EmpiricalBernstein}.
   *
   * @param alpha chance that any interval misses the effect
   */
  public static TwoArmEffect bounded(double alpha, Bounds bounds) {
    return new TwoArmEffect(
        EmpiricalBernstein.empty(alpha, bounds.high() - bounds.low()),
        Optional.of(bounds),
        new Tally(0, 0),
        new Tally(0, 0));
  }

  /**
   * With one more unit.
   *
   * @param inB whether it was assigned to B
   * @param share with which chance it would be; 0 and 1 decide nothing and tell nothing
   * @param value of the metric, within its bounds
   */
  public TwoArmEffect with(boolean inB, double share, double value) {
    Require.that(0 <= share && share <= 1, "share", share, "0 <= share <= 1");
    Require.finite("value", value);
    bounds.ifPresent(
        range ->
            Require.that(
                range.low() <= value && value <= range.high(), "value", value, "in " + range));
    Tally nextA = inB ? a : a.with(value);
    Tally nextB = inB ? b.with(value) : b;
    double weight = share * (1 - share);
    boolean known = a.count() + b.count() > 0 || bounds.isPresent();
    if (weight == 0 || !known) {
      return new TwoArmEffect(sequence, bounds, nextA, nextB);
    }
    double x = ((inB ? 1 : 0) - share) * (value - expected(share));
    return new TwoArmEffect(sequence.with(x, weight), bounds, nextA, nextB);
  }

  /** What B adds to the mean; may be negative. */
  public double estimate() {
    return sequence.estimate();
  }

  /** Where the effect is, at any time. */
  public Interval interval() {
    return sequence.interval();
  }

  private double expected(double share) {
    long count = a.count() + b.count();
    double pooled =
        count == 0
            ? bounds.map(range -> (range.low() + range.high()) / 2).orElseThrow()
            : (a.sum() + b.sum()) / count;
    double ofA = a.count() == 0 ? pooled : a.mean();
    double ofB = b.count() == 0 ? pooled : b.mean();
    return (1 - share) * ofB + share * ofA;
  }
}
