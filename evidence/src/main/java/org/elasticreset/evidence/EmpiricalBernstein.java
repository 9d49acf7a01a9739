package org.elasticreset.evidence;

/**
 * A confidence sequence for bounded observations that holds at every sample size, with no limit
 * theorem: the predictable plug-in empirical Bernstein sequence of Waudby-Smith and Ramdas,
 * Estimating means of bounded random variables by betting, arXiv 2010.09686, theorem 2, with the
 * weights of {@link ConfidenceSequence}:
 *
 * <pre>
 *   ψ(λ) = (−log(1 − c λ) − c λ) / c²
 *   ( Σ λ_i x_i ± ( log(2/α) + Σ (x_i − w_i θ̂_{i−1})² ψ(λ_i) ) ) / Σ λ_i w_i
 * </pre>
 *
 * <p>exp(± Σ λ_i (x_i − w_i θ) − Σ (x_i − w_i θ̂_{i−1})² ψ(λ_i)) are supermartingales for any λ_i
 * in [0, 1/c) that the past decides; λ_i here is √(2 log(2/α) / (σ̂²_{i−1} W_i log(1 + i))), at
 * most 1/(2c). Ville's inequality does the rest.
 *
 * @param alpha chance that any interval misses θ
 * @param range c: x_i lies, given the past, in an interval of this length
 * @param count observations
 * @param information W
 * @param sum Σ x_i
 * @param squares Σ (x_i − w_i θ̂_{i−1})²
 * @param bets Σ λ_i x_i, Σ λ_i w_i and Σ (x_i − w_i θ̂_{i−1})² ψ(λ_i)
 */
public record EmpiricalBernstein(
    double alpha,
    double range,
    long count,
    double information,
    double sum,
    double squares,
    Bets bets)
    implements ConfidenceSequence {

  /** Sums over bets. */
  public record Bets(double observed, double weight, double cost) {}

  /** Validates. */
  public EmpiricalBernstein {
    Require.probability("alpha", alpha);
    Require.that(range > 0, "range", range, "range > 0");
  }

  static EmpiricalBernstein empty(double alpha, double range) {
    return new EmpiricalBernstein(alpha, range, 0, 0, 0, 0, new Bets(0, 0, 0));
  }

  @Override
  public EmpiricalBernstein with(double x, double weight) {
    double next = information + weight;
    double lambda = bet(next);
    double residual = x - weight * estimate();
    double psi = (-Math.log1p(-range * lambda) - range * lambda) / (range * range);
    Bets grown =
        new Bets(
            bets.observed() + lambda * x,
            bets.weight() + lambda * weight,
            bets.cost() + residual * residual * psi);
    return new EmpiricalBernstein(
        alpha, range, count + 1, next, sum + x, squares + residual * residual, grown);
  }

  /** λ of the next observation, by what is known before it. */
  private double bet(double next) {
    // As if a quarter of information had been seen, at the largest variance there can be.
    double variance = (range * range / 16 + squares) / (0.25 + information);
    double growth = Math.log(2.0 + count);
    return Math.min(
        Math.sqrt(2 * Math.log(2 / alpha) / (variance * next * growth)), 1 / (2 * range));
  }

  /** Within what two bounded arms can differ by. */
  @Override
  public double estimate() {
    return information == 0 ? 0 : Math.max(-range, Math.min(range, sum / information));
  }

  @Override
  public Interval interval() {
    if (information == 0) {
      return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1 - alpha);
    }
    double centre = bets.observed() / bets.weight();
    double radius = (Math.log(2 / alpha) + bets.cost()) / bets.weight();
    return new Interval(centre - radius, centre + radius, 1 - alpha);
  }
}
