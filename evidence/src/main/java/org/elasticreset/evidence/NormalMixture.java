package org.elasticreset.evidence;

/**
 * An asymptotic confidence sequence: Robbins' normal mixture with the variance estimated along the
 * way. Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and
 * asymptotic confidence sequences, arXiv 2103.06476, theorem 2.2; the boundary in the form of
 * Howard, Ramdas, McAuliffe and Sekhon, arXiv 1810.08240, equation 14:
 *
 * <pre>
 *   σ̂² = Σ (x_i − w_i θ̂_{i−1})² / W
 *   θ̂ ± (σ̂ / W) √( (W + ρ) log( (W + ρ) / (ρ α²) ) )
 * </pre>
 *
 * <p>ρ makes the interval narrowest near the information that one plans for, and costs little
 * elsewhere. Asymptotic means: for metrics without known bounds, and once there is a sample of some
 * dozens; whoever looks earlier looks at numbers that promise nothing.
 *
 * @param alpha chance that any interval misses θ
 * @param planned information at which the interval is narrowest
 * @param information W
 * @param sum Σ x_i
 * @param squares Σ (x_i − w_i θ̂_{i−1})², without what the estimate moved by
 */
public record NormalMixture(
    double alpha, double planned, double information, double sum, double squares)
    implements ConfidenceSequence {

  /** Validates. */
  public NormalMixture {
    Require.probability("alpha", alpha);
    Require.that(planned > 0, "planned", planned, "planned > 0");
  }

  static NormalMixture empty(double alpha, double planned) {
    return new NormalMixture(alpha, planned, 0, 0, 0);
  }

  @Override
  public NormalMixture with(double x, double weight) {
    double next = information + weight;
    double residual = x - weight * estimate();
    return new NormalMixture(
        alpha, planned, next, sum + x, squares + residual * residual * (1 - weight / next));
  }

  @Override
  public double estimate() {
    return information == 0 ? 0 : sum / information;
  }

  @Override
  public Interval interval() {
    if (information == 0) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1 - alpha);
    }
    double bits = -2 * Math.log(alpha);
    double rho = planned / (bits + Math.log(1 + bits));
    double variance = squares / information;
    double grown = information + rho;
    double radius =
        Math.sqrt(variance * grown * Math.log(grown / (rho * alpha * alpha))) / information;
    return new Interval(estimate() - radius, estimate() + radius, 1 - alpha);
  }
}
