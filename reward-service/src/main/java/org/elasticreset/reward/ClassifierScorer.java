package org.elasticreset.reward;

import java.util.List;
import org.elasticreset.model.SequenceClassifier;

/** The probability that a classifier gives one label of the whole text, 0 to 1. */
final class ClassifierScorer implements Scorer {

  private final SequenceClassifier classifier;
  private final int label;

  /**
   * @throws IllegalArgumentException if the classifier has no such label; the message lists them
   */
  ClassifierScorer(SequenceClassifier classifier, String label) {
    this.classifier = classifier;
    this.label = classifier.labelIndex(label);
  }

  @Override
  public double[] score(List<ScorableText> texts) {
    float[][] probabilities =
        classifier.probabilities(texts.stream().map(ScorableText::whole).toList());
    double[] scores = new double[texts.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = probabilities[i][label];
    }
    return scores;
  }
}
