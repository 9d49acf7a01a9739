package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.elasticreset.algorithm.Bleu;
import org.elasticreset.proto.v1.EvaluationMetrics;

/**
 * BLEU of an evaluation whose responses are translations (Lee et al. 2019, arXiv 1909.04499,
 * section 4).
 *
 * @param task name of the references that the second player's continuations are held against:
 *     whether the game is won
 * @param drift name of the references that the responses themselves are held against: whether they
 *     still are the language that nobody pays for
 */
record TranslationScores(Optional<String> task, Optional<String> drift) {

  static TranslationScores of(LearnerConfig.Evaluation evaluation) {
    return new TranslationScores(evaluation.taskReference(), evaluation.driftReference());
  }

  /** Adds what can be measured; without a name, or where a rollout lacks its part, nothing. */
  void addTo(EvaluationMetrics.Builder metrics, List<ReceivedRollout> rollouts) {
    bleu(rollouts, task, ReceivedRollout::continuation).ifPresent(metrics::setBleuTask);
    bleu(rollouts, drift, rollout -> Optional.of(rollout.response()))
        .ifPresent(metrics::setBleuDrift);
  }

  private static Optional<Double> bleu(
      List<ReceivedRollout> rollouts,
      Optional<String> reference,
      Function<ReceivedRollout, Optional<String>> hypothesis) {
    List<String> hypotheses = new ArrayList<>();
    List<String> references = new ArrayList<>();
    for (ReceivedRollout rollout : rollouts) {
      hypothesis.apply(rollout).ifPresent(hypotheses::add);
      reference.map(rollout.references()::get).ifPresent(references::add);
    }
    boolean complete = hypotheses.size() == rollouts.size() && references.size() == rollouts.size();
    return complete ? Optional.of(Bleu.of(hypotheses, references).score()) : Optional.empty();
  }
}
