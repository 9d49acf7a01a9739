package org.elasticreset.reward;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.elasticreset.model.ProblemType;
import org.elasticreset.model.SequenceClassifier;

/** A classifier without an engine, its P(last label) by a function. */
final class FakeClassifier implements SequenceClassifier {

  private final Function<String, Float> positive;
  private final List<String> labels;
  private final ProblemType problem;
  int calls;
  boolean closed;

  /** With labels NEGATIVE and POSITIVE. */
  FakeClassifier(Function<String, Float> positive) {
    this(positive, List.of("NEGATIVE", "POSITIVE"), ProblemType.SINGLE_LABEL_CLASSIFICATION);
  }

  FakeClassifier(Function<String, Float> positive, List<String> labels, ProblemType problem) {
    this.positive = positive;
    this.labels = labels;
    this.problem = problem;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public ProblemType problem() {
    return problem;
  }

  /** Twice the probabilities, so that a test can tell them apart. */
  @Override
  public float[][] logits(List<String> texts) {
    return scores(texts, 2);
  }

  @Override
  public float[][] probabilities(List<String> texts) {
    return scores(texts, 1);
  }

  private float[][] scores(List<String> texts, float factor) {
    calls++;
    return texts.stream()
        .map(positive)
        .map(
            p ->
                labels.size() == 1
                    ? new float[] {factor * p}
                    : new float[] {factor * (1 - p), factor * p})
        .toArray(float[][]::new);
  }

  @Override
  public void save(Path directory) {
    throw new UnsupportedOperationException("a fake has no files");
  }

  @Override
  public void close() {
    closed = true;
  }
}
