package org.elasticreset.evidence;

import static org.elasticreset.evidence.AbDecision.Verdict.KEEP;
import static org.elasticreset.evidence.AbDecision.Verdict.SHIP;
import static org.elasticreset.evidence.AbDecision.Verdict.UNDECIDED;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The sequential test of two policies on live traffic. {@link #decision} may be asked after every
 * unit; the error rates of the plan hold all the same.
 *
 * <ul>
 *   <li>{@code keep} as soon as a guard rail is shown to be broken, or B's gain to be below the
 *       smallest effect;
 *   <li>{@code ship} once B's gain is shown to be above 0, and B to be within every guard rail;
 *   <li>{@code undecided} otherwise.
 * </ul>
 *
 * <p>Units are to come in the order of their requests: what is late must not be looked at before
 * what it is behind, or a policy whose users answer fast would look better for it.
 *
 * @param plan fixed before the first unit
 * @param metric effect on the user's own metric
 * @param reward effect on the reward
 * @param driftOfA mean drift of A's answers
 * @param driftOfB mean drift of B's answers
 */
public record AbTest(
    AbPlan plan,
    TwoArmEffect metric,
    TwoArmEffect reward,
    MeanSequence driftOfA,
    MeanSequence driftOfB) {

  /** Before the first unit. */
  public static AbTest of(AbPlan plan) {
    TwoArmEffect metric =
        plan.metricBounds()
            .map(bounds -> TwoArmEffect.bounded(plan.alpha(), bounds))
            .orElseGet(() -> TwoArmEffect.asymptotic(plan.alpha(), plan.planned()));
    MeanSequence drift = MeanSequence.empty(plan.alpha(), plan.planned() / 2.0);
    return new AbTest(
        plan, metric, TwoArmEffect.asymptotic(plan.alpha(), plan.planned()), drift, drift);
  }

  /** With the next unit. */
  public AbTest with(AbUnit unit) {
    TwoArmEffect nextMetric =
        unit.metric().isPresent()
            ? metric.with(unit.inB(), unit.share(), unit.metric().getAsDouble())
            : metric;
    return new AbTest(
        plan,
        nextMetric,
        reward.with(unit.inB(), unit.share(), unit.reward()),
        unit.inB() ? driftOfA : with(driftOfA, unit.drift()),
        unit.inB() ? with(driftOfB, unit.drift()) : driftOfB);
  }

  private static MeanSequence with(MeanSequence sequence, OptionalDouble drift) {
    return drift.isPresent() ? sequence.with(drift.getAsDouble()) : sequence;
  }

  /** What can be said now. */
  public AbDecision decision() {
    Finding finding = finding();
    return new AbDecision(finding.verdict(), finding.text());
  }

  /** The same without the words, for whoever asks after every unit. */
  public AbDecision.Verdict verdict() {
    return finding().verdict();
  }

  /**
   * The guard rails alone: {@code KEEP} if one is shown to be broken, {@code SHIP} if B is shown to
   * be within all of them, {@code UNDECIDED} otherwise.
   */
  public AbDecision guards() {
    Finding finding = guardFinding();
    return new AbDecision(finding.verdict(), finding.text());
  }

  private Finding finding() {
    Finding guards = guardFinding();
    if (guards.verdict() == KEEP) {
      return guards;
    }
    long fewest = Math.min(metric.a().count(), metric.b().count());
    if (fewest < plan.minimum()) {
      return new Finding(
          UNDECIDED,
          "an arm has %.0f of the %.0f outcomes that both need first",
          fewest,
          plan.minimum());
    }
    Interval gain = metric.interval();
    if (gain.high() < plan.smallestEffect()) {
      return new Finding(
          KEEP,
          "B changes the metric by %.4g to %.4g, less than the %.4g that would be worth it",
          gain.low(),
          gain.high(),
          plan.smallestEffect());
    }
    if (gain.low() <= 0) {
      return new Finding(
          UNDECIDED,
          "B changes the metric by %.4g to %.4g, which may be nothing",
          gain.low(),
          gain.high());
    }
    return guards.verdict() == UNDECIDED
        ? guards
        : new Finding(SHIP, "B raises the metric by %.4g to %.4g", gain.low(), gain.high());
  }

  private Finding guardFinding() {
    Finding ofReward = rewardGuard();
    if (ofReward.verdict() == KEEP) {
      return ofReward;
    }
    Finding ofDrift = driftGuard();
    return ofDrift.verdict() == SHIP ? ofReward : ofDrift;
  }

  private Finding rewardGuard() {
    if (plan.rewardMargin().isEmpty()) {
      return new Finding(SHIP, "there is no guard rail for the reward");
    }
    double margin = plan.rewardMargin().getAsDouble();
    if (Math.min(reward.a().count(), reward.b().count()) < plan.minimum()) {
      return new Finding(
          UNDECIDED, "the guard rail of the reward waits for %.0f answers of both", plan.minimum());
    }
    Interval change = reward.interval();
    if (change.high() < -margin) {
      return new Finding(
          KEEP,
          "B changes the reward by %.4g to %.4g, a fall of more than the %.4g allowed",
          change.low(),
          change.high(),
          margin);
    }
    return new Finding(
        change.low() >= -margin ? SHIP : UNDECIDED,
        "B changes the reward by %.4g to %.4g, where a fall of %.4g is allowed",
        change.low(),
        change.high(),
        margin);
  }

  private Finding driftGuard() {
    if (plan.driftLimit().isEmpty()) {
      return new Finding(SHIP, "there is no guard rail for the drift");
    }
    double limit = plan.driftLimit().getAsDouble();
    if (driftOfB.count() < plan.minimum()) {
      return new Finding(
          UNDECIDED, "the guard rail of the drift waits for %.0f answers of B", plan.minimum());
    }
    Interval drift = driftOfB.interval();
    AbDecision.Verdict verdict =
        drift.low() > limit ? KEEP : drift.high() <= limit ? SHIP : UNDECIDED;
    return new Finding(
        verdict,
        "B's drift is %.4g to %.4g nats, where %.4g are allowed",
        drift.low(),
        drift.high(),
        limit);
  }

  /** A verdict, and a sentence that is only put together for people. */
  private record Finding(AbDecision.Verdict verdict, String format, double... figures) {
    String text() {
      return String.format(Locale.ROOT, format, Arrays.stream(figures).boxed().toArray());
    }
  }
}
