package org.elasticreset.evidence;

/**
 * Intervals for a parameter θ that may be looked at after every observation, as often as one likes
 * and for as long: with probability 1 − α all of them hold θ, at once.
 *
 * <p>Observations come as x_i with a weight w_i that is known before x_i is, and with E[x_i | past]
 * = w_i θ: a plain mean has weight 1, the difference between two arms that of {@link TwoArmEffect}.
 * The sum of weights is the information W.
 */
public sealed interface ConfidenceSequence permits NormalMixture, EmpiricalBernstein {
  /** With one more observation. */
  ConfidenceSequence with(double x, double weight);

  /** W, the sum of weights. */
  double information();

  /** What θ seems to be; 0 before the first observation. */
  double estimate();

  /** Where θ is; infinitely wide before the first observation. */
  Interval interval();
}
