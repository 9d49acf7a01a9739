package org.elasticreset.algorithm;

/** β, the weight of the KL penalty in the reward of each token. */
public sealed interface KlCoefficient {
  /** β to use now; at least 0. */
  double value();

  /**
   * The coefficient after a step.
   *
   * @param observedKl nats per sequence between policy and reference, mean over the step
   * @param rollouts how many rollouts the step had
   */
  KlCoefficient next(double observedKl, int rollouts);

  /** A constant β; 0 turns the penalty off. */
  record Fixed(double value) implements KlCoefficient {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the value is negative or not finite
     */
    public Fixed {
      Require.that(0 <= value && value < Double.POSITIVE_INFINITY, "value", value, "value >= 0");
    }

    @Override
    public Fixed next(double observedKl, int rollouts) {
      return this;
    }
  }

  /**
   * β under proportional control in log space, Ziegler et al. 2019, arXiv 1909.08593, section 2.2,
   * in the form of its implementations (K_β = 1 / horizon for each rollout):
   *
   * <pre>
   *   e = clip((KL − target) / target, −0.2, 0.2)
   *   β ← β (1 + e · rollouts / horizon)
   * </pre>
   *
   * @param value β now; above 0, for it only ever moves by a factor
   * @param target nats per sequence that β steers towards
   * @param horizon rollouts over which β is meant to move
   */
  record Adaptive(double value, double target, double horizon) implements KlCoefficient {
    private static final double LARGEST_ERROR = 0.2;

    /**
     * Validates.
     *
     * @throws IllegalArgumentException if a number is not above 0 or not finite
     */
    public Adaptive {
      requirePositive("value", value);
      requirePositive("target", target);
      requirePositive("horizon", horizon);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if there are so many rollouts that β could fall to 0
     */
    @Override
    public Adaptive next(double observedKl, int rollouts) {
      Require.finite("observedKl", observedKl);
      Require.notNegative("rollouts", rollouts);
      Require.that(
          LARGEST_ERROR * rollouts < horizon,
          "horizon",
          horizon,
          "more than a fifth of " + rollouts);
      double error = (observedKl - target) / target;
      double clipped = Math.max(-LARGEST_ERROR, Math.min(LARGEST_ERROR, error));
      return new Adaptive(value * (1 + clipped * rollouts / horizon), target, horizon);
    }

    private static void requirePositive(String name, double number) {
      Require.that(0 < number && number < Double.POSITIVE_INFINITY, name, number, name + " > 0");
    }
  }
}
