package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.learner.PpoEpochs.AfterOptimizerStep;
import org.elasticreset.learner.TrainedPolicy.Imitation;
import org.elasticreset.model.LanguageModelStatistics;
import org.elasticreset.model.TokenSequence;

/**
 * Seeded iterated learning (Lu et al. 2020, arXiv 2003.12694, algorithm 1): now and then a student
 * learns from scratch what the policy has come to say, and takes its place. What is hard to pick up
 * from a few samples, such as a private code, does not survive the lesson.
 *
 * <pre>
 *   student ← θ₀
 *   at every k-th training step, in the place of the objective:
 *     D ← the step's rollouts, drawn by the teacher, which is the policy as it is now
 *     θ ← student
 *     n epochs over D:  θ ← optimizer step on −mean log π_θ(response token)
 *     student ← θ
 * </pre>
 *
 * <p>An imitation begins with an optimizer of its own, whose moments end with it; those of the
 * objective wait.
 */
final class IteratedLearning {

  private final Optional<IteratedLearningConfig> settings;
  private final TrainedPolicy policy;
  private final int minibatchSize;
  private final Seeds seeds;

  IteratedLearning(LearnerConfig config, TrainedPolicy policy) {
    this.settings = config.iteratedLearning();
    this.policy = policy;
    this.minibatchSize = config.ppo().minibatchSize();
    this.seeds = new Seeds(config.seed());
  }

  /** Whether that training step imitates. */
  boolean isDue(long step) {
    return settings.isPresent() && step % settings.get().every() == 0;
  }

  /** Learning rate of every imitation. */
  double learningRate() {
    return settings.orElseThrow().learningRate();
  }

  /**
   * Puts the student, taught by the step's rollouts, in the place of the policy.
   *
   * @param said the rollouts of the step
   * @param afterEach called behind every optimizer step
   * @return the mean over the optimizer steps
   * @throws TrainingDivergedException as soon as a figure is not finite; the student is as before
   */
  LanguageModelStatistics imitate(long step, List<TokenSequence> said, AfterOptimizerStep afterEach)
      throws InterruptedException {
    int epochs = settings.orElseThrow().epochs();
    int minibatches = said.size() / minibatchSize;
    List<LanguageModelStatistics> all = new ArrayList<>();
    try (Imitation imitation = policy.beginAsStudent(seeds.of("imitation-" + step))) {
      for (int epoch = 1; epoch <= epochs; epoch++) {
        int[] order = seeds.permutation("imitation-" + step + "-" + epoch, said.size());
        for (int minibatch = 1; minibatch <= minibatches; minibatch++) {
          List<TokenSequence> drawn = new ArrayList<>();
          for (int i = (minibatch - 1) * minibatchSize; i < minibatch * minibatchSize; i++) {
            drawn.add(said.get(order[i]));
          }
          all.add(imitationStep(imitation, drawn, step, epoch, minibatch));
          boolean epochEnds = minibatch == minibatches;
          boolean stepEnds = epochEnds && epoch == epochs;
          if (stepEnds) {
            // Before the upload, whose answer may put something else in the place of the policy.
            policy.becomeStudent();
          }
          afterEach.afterOptimizerStep(epochEnds, stepEnds);
        }
      }
    }
    return mean(all);
  }

  private LanguageModelStatistics imitationStep(
      Imitation imitation, List<TokenSequence> drawn, long step, int epoch, int minibatch) {
    try {
      LanguageModelStatistics statistics = imitation.step(drawn, learningRate());
      if (Double.isFinite(statistics.loss()) && policy.firstNotFinite().isEmpty()) {
        return statistics;
      }
      throw diverged(step, epoch, minibatch, "loss " + statistics.loss());
    } catch (ArithmeticException e) {
      throw diverged(step, epoch, minibatch, String.valueOf(e.getMessage()));
    }
  }

  private TrainingDivergedException diverged(long step, int epoch, int minibatch, String what) {
    return new TrainingDivergedException(
        "step %d, an imitation, epoch %d, minibatch %d: %s (expected: a finite loss, gradient and weights; learning rate %s, try a lower learner.iterated-learning.learning-rate); the update was not uploaded"
            .formatted(step, epoch, minibatch, what, learningRate()));
  }

  private static LanguageModelStatistics mean(List<LanguageModelStatistics> all) {
    return new LanguageModelStatistics(
        all.stream().mapToDouble(LanguageModelStatistics::loss).average().orElseThrow(),
        all.stream().mapToDouble(LanguageModelStatistics::gradientNorm).average().orElseThrow(),
        all.stream().mapToInt(LanguageModelStatistics::tokens).sum());
  }
}
