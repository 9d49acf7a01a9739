package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;

/** The optimizer steps of a training step: epochs over shuffled minibatches. */
final class PpoEpochs {

  private final TrainedPolicy policy;
  private final PpoConfig ppo;
  private final Seeds seeds;
  private long optimizerSteps;

  PpoEpochs(TrainedPolicy policy, PpoConfig ppo, Seeds seeds) {
    this.policy = policy;
    this.ppo = ppo;
    this.seeds = seeds;
  }

  /**
   * Trains on the samples of a step.
   *
   * @param klCoefficient of the divergence from the initial policy in the loss
   * @param beside terms of the loss besides the objective
   * @param afterEach called behind every optimizer step
   * @return means over the optimizer steps
   * @throws TrainingDivergedException as soon as a figure is not finite, before {@code afterEach}
   */
  PpoStatistics run(
      long step,
      List<PpoSample> samples,
      double klCoefficient,
      Regularisers.OfStep beside,
      AfterOptimizerStep afterEach)
      throws InterruptedException {
    List<PpoStatistics> all = new ArrayList<>();
    int minibatches = samples.size() / ppo.minibatchSize();
    for (int epoch = 1; epoch <= ppo.epochs(); epoch++) {
      int[] order = seeds.permutation("minibatches-" + step + "-" + epoch, samples.size());
      for (int minibatch = 1; minibatch <= minibatches; minibatch++) {
        List<PpoSample> drawn = new ArrayList<>();
        for (int i = (minibatch - 1) * ppo.minibatchSize();
            i < minibatch * ppo.minibatchSize();
            i++) {
          drawn.add(samples.get(order[i]));
        }
        optimizerSteps++;
        beside.addGradients(epoch, minibatch);
        PpoStatistics statistics = ppoStep(drawn, klCoefficient, new Place(step, epoch, minibatch));
        all.add(statistics);
        boolean epochEnds = minibatch == minibatches;
        afterEach.afterOptimizerStep(epochEnds, epochEnds && epoch == ppo.epochs());
      }
    }
    return new PpoStatistics(
        mean(all, PpoStatistics::policyLoss),
        mean(all, PpoStatistics::valueLoss),
        mean(all, PpoStatistics::entropy),
        mean(all, PpoStatistics::clipFraction),
        mean(all, PpoStatistics::approximateKl),
        mean(all, PpoStatistics::gradientNorm));
  }

  /** Optimizer steps since the run began. */
  long optimizerSteps() {
    return optimizerSteps;
  }

  /** Goes on where that many have been done. */
  void goOnAfter(long stepsDone) {
    optimizerSteps = stepsDone;
  }

  /** Learning rate of the newest optimizer step: rises linearly, then stays. */
  double learningRate() {
    return ppo.learningRate()
        * Math.min(1, (double) optimizerSteps / Math.max(1, ppo.warmUpSteps()));
  }

  private PpoStatistics ppoStep(List<PpoSample> drawn, double klCoefficient, Place place) {
    try {
      PpoStatistics statistics = policy.ppoStep(drawn, klCoefficient, learningRate());
      if (Double.isFinite(statistics.policyLoss())
          && Double.isFinite(statistics.valueLoss())
          && Double.isFinite(statistics.gradientNorm())) {
        return statistics;
      }
      throw diverged(
          place,
          "policy loss %s, value loss %s, gradient norm %s (expected: finite"
              .formatted(
                  statistics.policyLoss(), statistics.valueLoss(), statistics.gradientNorm()));
    } catch (ArithmeticException e) {
      throw diverged(place, e.getMessage() + " (expected: a finite gradient");
    }
  }

  private TrainingDivergedException diverged(Place place, String what) {
    return new TrainingDivergedException(
        "%s: %s; learning rate %s, try a lower learner.ppo.learning-rate); the update was not uploaded"
            .formatted(place, what, learningRate()));
  }

  /** An optimizer step in words. */
  private record Place(long step, int epoch, int minibatch) {
    @Override
    public String toString() {
      return "step %d, epoch %d, minibatch %d".formatted(step, epoch, minibatch);
    }
  }

  private static double mean(
      List<PpoStatistics> statistics, ToDoubleFunction<PpoStatistics> figure) {
    return statistics.stream().mapToDouble(figure).average().orElseThrow();
  }

  /** What happens behind an optimizer step. */
  interface AfterOptimizerStep {
    void afterOptimizerStep(boolean epochEnds, boolean stepEnds) throws InterruptedException;
  }
}
