package org.elasticreset.reward;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.elasticreset.model.ProblemType;
import org.elasticreset.model.SequenceClassifier;

/** A classifier without an engine: labels NEGATIVE and POSITIVE, P(positive) by a function. */
final class FakeClassifier implements SequenceClassifier {

  private final Function<String, Float> positive;
  int calls;
  boolean closed;

  FakeClassifier(Function<String, Float> positive) {
    this.positive = positive;
  }

  @Override
  public List<String> labels() {
    return List.of("NEGATIVE", "POSITIVE");
  }

  @Override
  public ProblemType problem() {
    return ProblemType.SINGLE_LABEL_CLASSIFICATION;
  }

  /** Twice the probabilities, so that a test can tell them apart. */
  @Override
  public float[][] logits(List<String> texts) {
    calls++;
    return texts.stream()
        .map(positive)
        .map(p -> new float[] {2 - 2 * p, 2 * p})
        .toArray(float[][]::new);
  }

  @Override
  public float[][] probabilities(List<String> texts) {
    calls++;
    return texts.stream().map(positive).map(p -> new float[] {1 - p, p}).toArray(float[][]::new);
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
