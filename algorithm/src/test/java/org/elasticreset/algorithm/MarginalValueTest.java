package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.elasticreset.algorithm.ElasticReset.State;
import org.elasticreset.algorithm.ElasticReset.Transition;
import org.elasticreset.algorithm.ResetDecision.Reset;
import org.elasticreset.algorithm.ResetTrigger.Finding;
import org.elasticreset.algorithm.ResetTrigger.UpdatesSince;
import org.elasticreset.algorithm.TriggerMemory.Cycle;
import org.elasticreset.algorithm.TriggerMemory.Nothing;

/**
 * Against a policy of one weight θ, which training moves by one a step: its drift is KL = 0.01 θ²,
 * its reward a curve of θ, and the average and its resets are the real ones.
 */
class MarginalValueTest {
  private static final double NATS = 0.01;

  /** The best interval is found by trying all: no interval keeps more per distance by a tenth. */
  @Property(tries = 100)
  void withoutNoiseTheFirstIntervalIsNearTheBestFixedOne(
      @ForAll @DoubleRange(min = 0.8, max = 0.95) double decay,
      @ForAll @DoubleRange(min = 5, max = 40) double scale) {
    DoubleUnaryOperator reward = saturating(scale);

    List<Integer> resets = new Run(decay, reward, 0, 0, 1).steps(200, 1);

    double best = 0;
    for (int interval = 1; interval <= 200; interval++) {
      best = Math.max(best, keptPerDistance(decay, reward, interval));
    }
    assertThat(resets).isNotEmpty();
    assertThat(keptPerDistance(decay, reward, resets.get(0))).isGreaterThan(0.9 * best);
  }

  @Property(tries = 20)
  void inNoiseItKeepsMostOfWhatTheBestFixedIntervalDoes(
      @ForAll @DoubleRange(min = 0.85, max = 0.95) double decay,
      @ForAll @DoubleRange(min = 10, max = 20) double scale) {
    DoubleUnaryOperator reward = saturating(scale);
    double best = 0;
    for (int interval = 1; interval <= 200; interval++) {
      best = Math.max(best, keptPerDistance(decay, reward, interval));
    }
    double sum = 0;
    for (int seed = 0; seed < 20; seed++) {
      int first = new Run(decay, reward, 0.02, 0.1, seed).steps(200, 2).get(0);
      sum += keptPerDistance(decay, reward, first);
    }

    assertThat(sum / 20).isGreaterThan(0.75 * best);
  }

  @Example
  void intervalsGrowAsTheRewardSaturatesAndEachResetKeepsMoreThanTheOneBefore() {
    List<Integer> resets = new Run(0.9, saturating(10), 0, 0, 1).steps(330, 1);

    assertThat(resets).hasSizeGreaterThan(3);
    for (int i = 2; i < resets.size(); i++) {
      assertThat(resets.get(i) - resets.get(i - 1))
          .isGreaterThan(resets.get(i - 1) - resets.get(i - 2));
    }
  }

  @Example
  void policyThatStandsStillInNoiseIsNotReset() {
    int resets = 0;
    for (int seed = 0; seed < 200; seed++) {
      Run run = new Run(0.9, theta -> 0, 0.05, 0.2, seed);
      run.speed = 0;
      resets += run.steps(100, 2).size();
    }

    assertThat(resets).isLessThan(10);
  }

  @Example
  void rewardThatStillGrowsWithTheDistanceIsRarelyInterruptedByNoise() {
    int resets = 0;
    for (int seed = 0; seed < 200; seed++) {
      resets += new Run(0.9, theta -> theta / 40, 0.02, 0.2, seed).steps(40, 2).size();
    }

    assertThat(resets).isLessThan(100);
  }

  @Example
  void driftThatBuysNothingIsReset() {
    List<Integer> firsts = new ArrayList<>();
    for (int seed = 0; seed < 50; seed++) {
      firsts.add(new Run(0.9, theta -> 0, 0.05, 0.2, seed).steps(60, 2).get(0));
    }

    assertThat(firsts).allMatch(first -> first >= 7).anyMatch(first -> first <= 11);
  }

  @Property
  void neverBeforeTheThirdEvaluationOfACycle(@ForAll @IntRange(min = 0, max = 1000) int seed) {
    Random random = new Random(seed);
    MarginalValue trigger = new MarginalValue(0.9);
    TriggerMemory memory = new Nothing();
    for (int evaluation = 0; evaluation < 3; evaluation++) {
      Finding finding =
          trigger.find(
              memory,
              new UpdatesSince(1 + 2L * evaluation, 1),
              evaluated(random.nextGaussian(), 0, 10 * random.nextDouble(), 0));
      assertThat(finding.due()).isEmpty();
      memory = finding.memory();
    }
  }

  @Example
  void neverWhereAResetWouldKeepLessThanTheOneBefore() {
    Run run = new Run(0.9, saturating(10), 0, 0, 1);
    int first = run.steps(60, 1).get(0);
    Run unlucky = new Run(0.9, theta -> saturating(10).applyAsDouble(theta), 0, 0, 1);
    unlucky.collapsesBehind = first;

    assertThat(unlucky.steps(60, 1)).containsExactly(first);
  }

  @Example
  void updatesWithoutAnEvaluationChangeNothing() {
    MarginalValue trigger = new MarginalValue(0.9);
    UpdateObserved update = new UpdateObserved(1, true, OptionalDouble.of(3));

    assertThat(trigger.find(new Nothing(), new UpdatesSince(1, 1), update))
        .isEqualTo(Finding.nothing(new Nothing()));
  }

  @Example
  void remembersNothingBehindAResetBeforeTheFirstEvaluationAndTheCycleBehindARefusal() {
    MarginalValue trigger = new MarginalValue(0.9);
    TriggerMemory cycle =
        trigger.find(new Nothing(), new UpdatesSince(1, 1), evaluated(0.5, 0.1, 0, 0)).memory();

    assertThat(trigger.afterReset(new Nothing())).isEqualTo(new Nothing());
    assertThat(trigger.afterRefusal(cycle)).isEqualTo(cycle);
    assertThat(trigger.afterReset(cycle)).isInstanceOf(Cycle.class);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new MarginalValue(1))
        .hasMessage("decay: 1.0 (expected: 0 < decay < 1)");
    assertThatThrownBy(() -> new MarginalValue(0))
        .hasMessage("decay: 0.0 (expected: 0 < decay < 1)");
    assertThatThrownBy(() -> new EvaluatedPolicy(1, 0, -1, 0, 0))
        .hasMessage("rewardError: -1.0 (expected: rewardError >= 0)");
    assertThatThrownBy(() -> new EvaluatedPolicy(1, 0, Double.POSITIVE_INFINITY, 0, 0))
        .hasMessage("rewardError: Infinity (expected: rewardError >= 0)");
    assertThatThrownBy(() -> new EvaluatedPolicy(1, 0, 0, 0, -1))
        .hasMessage("klError: -1.0 (expected: klError >= 0)");
    assertThatThrownBy(() -> new EvaluatedPolicy(1, 0, 0, 0, Double.POSITIVE_INFINITY))
        .hasMessage("klError: Infinity (expected: klError >= 0)");
    assertThatThrownBy(() -> new EvaluatedPolicy(1, Double.NaN, 0, 0, 0))
        .hasMessage("reward: NaN (expected: a finite number)");
  }

  private static DoubleUnaryOperator saturating(double scale) {
    return theta -> 1 - Math.exp(-theta / scale);
  }

  /** What the first reset keeps of the reward, for each √nat that the cycle took. */
  private static double keptPerDistance(double decay, DoubleUnaryOperator reward, int interval) {
    double average = 0;
    for (int theta = 1; theta <= interval; theta++) {
      average = decay * average + (1 - decay) * theta;
    }
    return reward.applyAsDouble(average) / Math.sqrt(NATS * interval * interval);
  }

  private static UpdateObserved evaluated(
      double reward, double rewardError, double nats, double klError) {
    return new UpdateObserved(
        1,
        true,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.of(new EvaluatedPolicy(1, reward, rewardError, nats, klError)));
  }

  /** The loop around the policy of one weight. */
  private static final class Run {
    private final double decay;
    private final DoubleUnaryOperator reward;
    private final double noise;
    private final double klNoise;
    private final Random random;
    double speed = 1;
    int collapsesBehind = Integer.MAX_VALUE;

    /**
     * @param noise standard error of a measured reward
     * @param klNoise standard error of a measured drift, relative
     */
    Run(double decay, DoubleUnaryOperator reward, double noise, double klNoise, long seed) {
      this.decay = decay;
      this.reward = reward;
      this.noise = noise;
      this.klNoise = klNoise;
      this.random = new Random(seed);
    }

    /** Trains, and returns the steps that a reset followed. */
    List<Integer> steps(int steps, int evaluateEvery) {
      ElasticReset elasticReset = new ElasticReset(new MarginalValue(decay));
      State state = State.initial();
      List<Integer> resets = new ArrayList<>();
      double theta = 0;
      double average = 0;
      Optional<EvaluatedPolicy> pending = Optional.of(evaluate(0, 0));
      for (int step = 1; step <= steps; step++) {
        theta += speed;
        average = decay * average + (1 - decay) * theta;
        Transition transition =
            elasticReset.decide(
                state,
                new UpdateObserved(
                    step, true, OptionalDouble.empty(), OptionalDouble.empty(), pending));
        state = transition.next();
        if (transition.decision() instanceof Reset) {
          resets.add(step);
          theta = average;
          average = 0;
        }
        pending = step % evaluateEvery == 0 ? Optional.of(evaluate(step, theta)) : Optional.empty();
      }
      return resets;
    }

    private EvaluatedPolicy evaluate(int step, double theta) {
      double nats = NATS * theta * theta;
      double klError = klNoise * Math.max(nats, NATS);
      double collapse = step > collapsesBehind ? 1 : 0;
      return new EvaluatedPolicy(
          step,
          reward.applyAsDouble(theta) - collapse + noise * random.nextGaussian(),
          noise,
          theta == 0 ? 0 : nats + klError * random.nextGaussian(),
          theta == 0 ? 0 : klError);
    }
  }
}
