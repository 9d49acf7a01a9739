package org.elasticreset.model;

import org.elasticreset.model.files.JsonFile;

/**
 * What the logits of a classifier mean: {@code problem_type} in {@code config.json}.
 *
 * <p>Without one, as in the text-classification pipeline of transformers, a single label has a
 * probability of its own, and several share one.
 */
public enum ProblemType {
  /** One of the labels is true: the softmax of their logits. */
  SINGLE_LABEL_CLASSIFICATION {
    @Override
    float[] probabilities(float[] logits) {
      var scores = new double[logits.length];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = logits[i];
      }
      NgramClassifier.softmax(scores);
      var probabilities = new float[scores.length];
      for (int i = 0; i < scores.length; i++) {
        probabilities[i] = (float) scores[i];
      }
      return probabilities;
    }
  },
  /** Each label is true or not: the sigmoid of its logit. */
  MULTI_LABEL_CLASSIFICATION {
    @Override
    float[] probabilities(float[] logits) {
      var probabilities = new float[logits.length];
      for (int i = 0; i < logits.length; i++) {
        probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
      }
      return probabilities;
    }
  },
  /** Labels are quantities: their logits are what they are. */
  REGRESSION {
    @Override
    float[] probabilities(float[] logits) {
      return logits.clone();
    }
  };

  private static final String KEY = "problem_type";

  /**
   * @param logits of one text, a label each
   * @return [labels]
   */
  abstract float[] probabilities(float[] logits);

  static ProblemType read(JsonFile config, Labels labels) {
    var otherwise = labels.size() == 1 ? MULTI_LABEL_CLASSIFICATION : SINGLE_LABEL_CLASSIFICATION;
    if (!config.has(KEY)) {
      return otherwise;
    }
    return switch (config.text(KEY)) {
      case "single_label_classification" -> otherwise;
      case "multi_label_classification" -> MULTI_LABEL_CLASSIFICATION;
      case "regression" -> REGRESSION;
      default ->
          throw config.wrong(
              KEY, "single_label_classification, multi_label_classification or regression");
    };
  }
}
