package org.elasticreset.reward;

import java.util.List;
import org.elasticreset.reward.learned.LearnedReward;

/**
 * What the reward model that learns from people says about the whole text.
 *
 * @param output a probability: that of being preferred to an answer of the middling kind, on the
 *     scale of what people say; ½ before anything is known
 */
record LearnedScorer(LearnedReward reward, ClassifierOutput output) implements Scorer {

  @Override
  public double[] score(List<ScorableText> texts) {
    double[] scores = reward.score(texts.stream().map(ScorableText::whole).toList());
    if (output == ClassifierOutput.PROBABILITY) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] = 1 / (1 + Math.exp(-scores[i]));
      }
    }
    return scores;
  }
}
