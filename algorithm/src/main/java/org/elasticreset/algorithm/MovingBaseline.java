package org.elasticreset.algorithm;

import java.util.List;
import java.util.OptionalDouble;

/**
 * REINFORCE with reinforcement comparison: Williams 1992, "Simple statistical gradient-following
 * algorithms for connectionist reinforcement learning"; Sutton and Barto 2018, section 13.4. With
 * R̄ the mean of a step's rewards:
 *
 * <pre>
 *   A_i = R_i − b
 *   b ← α b + (1 − α) R̄
 * </pre>
 *
 * <p>b comes of the steps before, so it does not depend on the responses that it is taken from, and
 * the gradient stays unbiased. The first step has none before it and takes its own mean, which
 * shortens its expected gradient by 1 ÷ responses and turns it nowhere.
 *
 * @param decay α, the share of itself that the baseline keeps at a step, 0 to 1, exclusive of 1
 * @param baseline b; empty before the first step
 */
public record MovingBaseline(double decay, OptionalDouble baseline) implements AdvantageEstimator {

  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming the component, its value and what was expected
   */
  public MovingBaseline {
    Require.that(0 <= decay && decay < 1, "decay", decay, "0 <= decay < 1");
    baseline.ifPresent(value -> Require.finite("baseline", value));
  }

  @Override
  public List<Advantages> of(List<RewardedResponse> step) {
    double expected = baseline.orElse(mean(step));
    return AdvantageEstimator.spread(
        step, step.stream().mapToDouble(response -> response.total() - expected).toArray());
  }

  @Override
  public MovingBaseline next(List<RewardedResponse> step) {
    double mean = mean(step);
    double next = baseline.isPresent() ? decay * baseline.getAsDouble() + (1 - decay) * mean : mean;
    return new MovingBaseline(decay, OptionalDouble.of(next));
  }

  private static double mean(List<RewardedResponse> step) {
    Require.that(!step.isEmpty(), "step", "empty", "at least one response");
    return step.stream().mapToDouble(RewardedResponse::total).sum() / step.size();
  }
}
