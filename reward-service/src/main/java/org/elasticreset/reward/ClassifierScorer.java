package org.elasticreset.reward;

import java.util.List;
import org.elasticreset.model.SequenceClassifier;

/**
 * What a classifier says about one label of the whole text.
 *
 * @param label its index
 */
record ClassifierScorer(SequenceClassifier classifier, int label, ClassifierOutput output)
    implements Scorer {

  @Override
  public double[] score(List<ScorableText> texts) {
    List<String> whole = texts.stream().map(ScorableText::whole).toList();
    float[][] scores =
        switch (output) {
          case PROBABILITY -> classifier.probabilities(whole);
          case LOGIT -> classifier.logits(whole);
        };
    double[] ofLabel = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      ofLabel[i] = scores[i][label];
    }
    return ofLabel;
  }
}
