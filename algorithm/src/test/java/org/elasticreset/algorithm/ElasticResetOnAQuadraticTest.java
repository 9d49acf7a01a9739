package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.elasticreset.algorithm.ResetDecision.ResetToAverage;
import org.elasticreset.algorithm.ResetTrigger.EveryNUpdates;
import org.elasticreset.algorithm.ResetTrigger.OnRequest;

/** Algorithm 1 of the paper, whole, on ½ Σ cᵢ (θᵢ − goalᵢ)² by gradient descent. */
class ElasticResetOnAQuadraticTest {
  private static final float[] INITIAL = {0, 0, 0};
  private static final float[] CURVATURE = {1, 0.3f, 0.05f};
  private static final float[] GOAL = {4, -2, 7};
  private static final float LEARNING_RATE = 0.1f;

  /** The policy that was published at each step, from step 0. */
  private static List<float[]> train(ResetTrigger trigger, float[] start, int steps) {
    ElasticReset elasticReset = new ElasticReset(trigger);
    ElasticReset.State state = ElasticReset.State.initial();
    ExponentialAverage exponential = new ExponentialAverage(0.9);
    float[] policy = start.clone();
    float[] average = INITIAL.clone();
    List<float[]> published = new ArrayList<>(List.of(policy.clone()));
    for (int step = 1; step <= steps; step++) {
      for (int i = 0; i < policy.length; i++) {
        policy[i] -= LEARNING_RATE * CURVATURE[i] * (policy[i] - GOAL[i]);
      }
      exponential.update(average, policy);
      var transition =
          elasticReset.decide(state, new UpdateObserved(step, true, OptionalDouble.empty()));
      state = transition.next();
      if (transition.decision() instanceof ResetToAverage) {
        policy = average.clone();
        average = INITIAL.clone();
      }
      published.add(policy.clone());
    }
    return published;
  }

  @Property
  void changesNothingBeforeTheFirstReset(@ForAll @IntRange(min = 1, max = 40) int n) {
    List<float[]> with = train(new EveryNUpdates(n), INITIAL, n);
    List<float[]> without = train(new OnRequest(), INITIAL, n);

    for (int step = 0; step < n; step++) {
      assertThat(with.get(step)).containsExactly(without.get(step));
    }
    assertThat(with.get(n)).isNotEqualTo(without.get(n));
  }

  @Property
  void changesNothingBetweenResets(@ForAll @IntRange(min = 2, max = 20) int n) {
    List<float[]> with = train(new EveryNUpdates(n), INITIAL, 4 * n);

    for (int reset = n; reset <= 3 * n; reset += n) {
      List<float[]> without = train(new OnRequest(), with.get(reset), n);
      for (int step = 0; step < n; step++) {
        assertThat(with.get(reset + step)).containsExactly(without.get(step));
      }
    }
  }

  @Example
  void thePolicyIsResetToTheAverageAndTheAverageToTheInitialWeights() {
    List<float[]> with = train(new EveryNUpdates(3), INITIAL, 6);

    ExponentialAverage exponential = new ExponentialAverage(0.9);
    for (int reset = 3; reset <= 6; reset += 3) {
      float[] average = INITIAL.clone();
      float[] policy = with.get(reset - 3).clone();
      for (int step = 0; step < 3; step++) {
        for (int i = 0; i < policy.length; i++) {
          policy[i] -= LEARNING_RATE * CURVATURE[i] * (policy[i] - GOAL[i]);
        }
        exponential.update(average, policy);
      }
      assertThat(with.get(reset)).containsExactly(average);
    }
  }

  @Example
  void eachResetGivesUpSomeRewardAndComesBackTowardsTheInitialWeights() {
    List<float[]> with = train(new EveryNUpdates(10), INITIAL, 30);

    for (int reset = 10; reset <= 30; reset += 10) {
      assertThat(distance(with.get(reset), INITIAL))
          .isLessThan(distance(with.get(reset - 1), INITIAL));
    }
  }

  private static double distance(float[] a, float[] b) {
    double squares = 0;
    for (int i = 0; i < a.length; i++) {
      squares += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(squares);
  }
}
