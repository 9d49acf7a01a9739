package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.SequenceClassifier;
import org.jspecify.annotations.Nullable;

/** What a classifier says of one label: its probability, or its logit. */
record EvaluatedScorer(SequenceClassifier classifier, int label, boolean logit)
    implements AutoCloseable {

  /**
   * Opens a classifier.
   *
   * @param label may be absent where there is only one
   * @throws InvalidInputException naming the labels that there are
   */
  static EvaluatedScorer open(
      String labelOption, Path directory, @Nullable String label, boolean logit) {
    SequenceClassifier classifier = SequenceClassifier.open(directory);
    List<String> labels = classifier.labels();
    String wanted = label == null && labels.size() == 1 ? labels.get(0) : label;
    int index = wanted == null ? -1 : labels.indexOf(wanted);
    if (index < 0) {
      classifier.close();
      throw InvalidInputException.of(
          labelOption,
          label == null ? "missing" : label,
          String.join(" | ", labels) + ", the labels of " + directory);
    }
    return new EvaluatedScorer(classifier, index, logit);
  }

  double[] scores(List<String> texts) {
    float[][] rows = logit ? classifier.logits(texts) : classifier.probabilities(texts);
    double[] scores = new double[texts.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = rows[i][label];
    }
    return scores;
  }

  @Override
  public void close() {
    classifier.close();
  }
}
