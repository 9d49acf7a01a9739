package org.elasticreset.learner;

import java.util.OptionalDouble;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.proto.v1.EvaluationFigures;

/**
 * What was measured on held-out prompts and texts.
 *
 * @param perplexity on human text, if there is one
 */
record Evaluated(MeasuredRollouts measured, OptionalDouble perplexity) {

  /** In short, for whoever decides on resets. */
  EvaluationFigures figures(long step) {
    SequenceKl kl = measured.klToInitial();
    EvaluationFigures.Builder figures =
        EvaluationFigures.newBuilder()
            .setStep(step)
            .setRewardMean(measured.rewardMean())
            .setRewardStandardError(measured.rewardStd() / Math.sqrt(measured.size()))
            .setKlToInitialNats(kl.nats())
            .setKlStandardError(kl.standardError());
    judgeMean().ifPresent(figures::setJudgeMean);
    perplexity.ifPresent(figures::setPerplexityHumanText);
    return figures.build();
  }

  /** Of the rollouts that the judge has scored; empty if it has scored none. */
  OptionalDouble judgeMean() {
    return measured.rollouts().stream()
        .map(ReceivedRollout::judge)
        .filter(OptionalDouble::isPresent)
        .mapToDouble(OptionalDouble::getAsDouble)
        .average();
  }
}
