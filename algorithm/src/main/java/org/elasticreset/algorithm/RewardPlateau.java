package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.elasticreset.algorithm.TriggerMemory.Nothing;
import org.elasticreset.algorithm.TriggerMemory.Step;
import org.elasticreset.algorithm.TriggerMemory.Steps;

/**
 * Ours: drift goes on and buys hardly any reward. Over a window of training steps the gain per nat
 * is the slope through the means of its two halves,
 *
 * <pre>
 *   (R̄₂ − R̄₁) ÷ (D̄₂ − D̄₁)
 * </pre>
 *
 * <p>(Wald 1940, <i>The Fitting of Straight Lines if Both Variables are Subject to Error</i>: a
 * regression on a drift that is measured with noise would be flat by that noise alone). It fires if
 * the drift has risen by more than two standard errors and the slope is below the threshold. Steps
 * and not evaluations, for a step is measured anyway and there are more of them.
 *
 * @param window steps, even, at least 4
 * @param gainPerNat least reward for each nat
 */
public record RewardPlateau(int window, double gainPerNat) implements ResetTrigger {
  private static final double STANDARD_ERRORS = 2;

  /**
   * Validates.
   *
   * @throws IllegalArgumentException if a component cannot be
   */
  public RewardPlateau {
    Require.that(window >= 4 && window % 2 == 0, "window", window, "an even number, at least 4");
    Require.finite("gainPerNat", gainPerNat);
  }

  @Override
  public Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update) {
    if (update.klToInitialNats().isEmpty() || update.rewardMean().isEmpty()) {
      return Finding.nothing(memory);
    }
    List<Step> steps = new ArrayList<>(memory instanceof Steps before ? before.steps() : List.of());
    steps.add(new Step(update.rewardMean().getAsDouble(), update.klToInitialNats().getAsDouble()));
    List<Step> newest = steps.subList(Math.max(0, steps.size() - window), steps.size());
    return new Finding(
        newest.size() < window ? Optional.empty() : plateau(newest), new Steps(newest));
  }

  private Optional<String> plateau(List<Step> steps) {
    List<Step> first = steps.subList(0, window / 2);
    List<Step> second = steps.subList(window / 2, window);
    double spent = mean(second, Step::klNats) - mean(first, Step::klNats);
    double gained = mean(second, Step::reward) - mean(first, Step::reward);
    double error = Math.sqrt((variance(first) + variance(second)) / (window / 2));
    return spent > STANDARD_ERRORS * error && gained < gainPerNat * spent
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "reward rose by %.3g over %.3g nats in %d steps (expected: at least %.3g a nat)",
                gained,
                spent,
                window,
                gainPerNat))
        : Optional.empty();
  }

  private static double mean(List<Step> steps, ToDoubleFunction<Step> figure) {
    return steps.stream().mapToDouble(figure).sum() / steps.size();
  }

  /** Of the drift, of the sample. */
  private static double variance(List<Step> steps) {
    double mean = mean(steps, Step::klNats);
    return steps.stream().mapToDouble(step -> Math.pow(step.klNats() - mean, 2)).sum()
        / (steps.size() - 1);
  }

  @Override
  public TriggerMemory afterReset(TriggerMemory memory) {
    return new Nothing();
  }

  @Override
  public TriggerMemory afterRefusal(TriggerMemory memory) {
    return new Nothing();
  }

  @Override
  public String description() {
    return "reward below %s a nat over %d steps".formatted(gainPerNat, window);
  }
}
