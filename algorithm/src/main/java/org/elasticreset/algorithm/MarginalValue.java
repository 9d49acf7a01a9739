package org.elasticreset.algorithm;

import java.util.Locale;
import java.util.Optional;
import org.elasticreset.algorithm.TriggerMemory.Cycle;
import org.elasticreset.algorithm.TriggerMemory.Kept;
import org.elasticreset.algorithm.TriggerMemory.Nothing;

/**
 * Ours: chooses the interval from the run's own evaluations, by the marginal value theorem (Charnov
 * 1976, <i>Optimal foraging, the marginal value theorem</i>, Theoretical Population Biology 9:
 * 129–136). A forager leaves a patch when what it still finds there has fallen to its average rate,
 * travel included; a policy is reset when the gain that a reset keeps has had its best rate.
 *
 * <pre>
 *   r̄(n) = Σ (1 − η) ηⁿ⁻ᵏ r(k) + ηⁿ r(0)   what a reset after n updates keeps, from the rewards r(k)
 *   K(n) = r̄(n) − r̄_begin                  kept beyond what the reset before it kept
 *   x(n) = √KL(n) − √KL_begin              distance that the cycle has taken
 *   reset at the first n where K(n) ÷ x(n) is past its best,
 *     that is, K′(n) ÷ x′(n) &lt; K(n) ÷ x(n)
 * </pre>
 *
 * <p>r̄ is the reward of the average if reward is linear in the weights between the policies of a
 * cycle, and not more than that if it is concave. What a reset costs, r(n) − r̄(n), is so inside of
 * K from the start: K is below zero until the average has made up for where the cycle began. The
 * distance is √KL, in which reward grows about linearly before it is overoptimised (Gao, Schulman,
 * Hilton 2023, <i>Scaling Laws for Reward Model Overoptimization</i>, arXiv 2210.10760).
 *
 * <p>No parameter but the decay, which the run has anyway. Every figure comes with its standard
 * error: the rate is past its best when its upper bound (one standard error of gain and distance)
 * is below the highest lower bound of the cycle. It fires also when the policy is no better than
 * its average, so that a reset costs nothing. Never before the third evaluation of a cycle, never
 * while the distance is within two standard errors of none, and never where a reset would keep
 * less, by two standard errors, than the reset before it did.
 *
 * @param decay η of the average
 */
public record MarginalValue(double decay) implements ResetTrigger {
  private static final int LEAST_EVALUATIONS = 3;
  private static final double STANDARD_ERRORS = 2;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException unless 0 &lt; decay &lt; 1
   */
  public MarginalValue {
    Require.that(0 < decay && decay < 1, "decay", decay, "0 < decay < 1");
  }

  @Override
  public Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update) {
    if (update.evaluation().isEmpty()) {
      return Finding.nothing(memory);
    }
    EvaluatedPolicy evaluated = update.evaluation().get();
    return memory instanceof Cycle cycle
        ? judge(taken(cycle, evaluated, since.reset()), evaluated)
        : Finding.nothing(first(evaluated, since.reset()));
  }

  private static Cycle first(EvaluatedPolicy evaluated, long updates) {
    double variance = evaluated.rewardError() * evaluated.rewardError();
    Kept initial = new Kept(evaluated.reward(), variance, evaluated.distance());
    Kept begin = new Kept(evaluated.reward(), 0, evaluated.distance());
    return new Cycle(
        initial,
        begin,
        begin,
        evaluated.reward(),
        evaluated.distance(),
        updates,
        0,
        1,
        Double.NEGATIVE_INFINITY);
  }

  /** The averages move towards what was in between, the mean of two evaluations. */
  private Cycle taken(Cycle cycle, EvaluatedPolicy evaluated, long updatesSinceReset) {
    double share = Math.pow(decay, updatesSinceReset - cycle.updates());
    Kept before = cycle.average();
    Kept average =
        new Kept(
            share * before.reward() + (1 - share) * (cycle.reward() + evaluated.reward()) / 2,
            share * share * before.variance() + Math.pow((1 - share) * evaluated.rewardError(), 2),
            share * before.distance()
                + (1 - share) * (cycle.distance() + evaluated.distance()) / 2);
    return new Cycle(
        cycle.initial(),
        cycle.begin(),
        average,
        evaluated.reward(),
        evaluated.distance(),
        updatesSinceReset,
        cycle.evaluations() + 1,
        cycle.initialShare() * share,
        cycle.bestAtLeast());
  }

  private static Finding judge(Cycle cycle, EvaluatedPolicy evaluated) {
    double distance = cycle.distance() - cycle.begin().distance();
    double distanceError = evaluated.distanceError();
    if (distance <= STANDARD_ERRORS * distanceError) {
      return Finding.nothing(cycle);
    }
    double kept = cycle.average().reward() - cycle.begin().reward();
    double keptError = Math.sqrt(variance(cycle));
    double atMost = (kept + keptError) / (distance - distanceError);
    double atLeast = (kept - keptError) / (distance + distanceError);
    boolean mayFire =
        cycle.evaluations() >= LEAST_EVALUATIONS && kept >= -STANDARD_ERRORS * keptError;
    return new Finding(
        mayFire ? reason(cycle, kept, atMost) : Optional.empty(),
        best(cycle, Math.max(cycle.bestAtLeast(), atLeast)));
  }

  private static Optional<String> reason(Cycle cycle, double kept, double atMost) {
    if (atMost < cycle.bestAtLeast()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "a reset keeps %.3g of reward, at most %.3g for each √nat (past its best, at least"
                  + " %.3g)",
              kept,
              atMost,
              cycle.bestAtLeast()));
    }
    return cycle.reward() <= cycle.average().reward()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "the policy's reward of %.3g is no more than its average's of %.3g",
                cycle.reward(),
                cycle.average().reward()))
        : Optional.empty();
  }

  /**
   * Of the gain kept. In the first cycle the error of the initial policy is in both ends of the
   * difference; in later ones it is in the average alone.
   */
  private static double variance(Cycle cycle) {
    boolean first = cycle.begin().variance() == 0;
    double initialInAverage = first ? 1 - cycle.initialShare() : cycle.initialShare();
    return cycle.average().variance()
        + initialInAverage * initialInAverage * cycle.initial().variance()
        + cycle.begin().variance();
  }

  private static Cycle best(Cycle cycle, double bestAtLeast) {
    return new Cycle(
        cycle.initial(),
        cycle.begin(),
        cycle.average(),
        cycle.reward(),
        cycle.distance(),
        cycle.updates(),
        cycle.evaluations(),
        cycle.initialShare(),
        bestAtLeast);
  }

  @Override
  public TriggerMemory afterReset(TriggerMemory memory) {
    if (!(memory instanceof Cycle cycle)) {
      return new Nothing();
    }
    Kept kept = cycle.average();
    double variance =
        kept.variance() + Math.pow(cycle.initialShare(), 2) * cycle.initial().variance();
    return new Cycle(
        cycle.initial(),
        new Kept(kept.reward(), variance, kept.distance()),
        new Kept(cycle.initial().reward(), 0, cycle.initial().distance()),
        kept.reward(),
        kept.distance(),
        0,
        0,
        1,
        Double.NEGATIVE_INFINITY);
  }

  @Override
  public String description() {
    return "marginal value of the evaluations";
  }
}
