package org.elasticreset.reward.learned;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.ProblemType;
import org.elasticreset.model.SequenceClassifier;

/** Scores everything alike. */
final class FakeModel implements SequenceClassifier {

  private final float score;
  boolean closed;

  FakeModel(double score) {
    this.score = (float) score;
  }

  /** What {@link FakeTrainings} wrote. */
  static FakeModel open(Path folder) {
    try {
      return new FakeModel(Double.parseDouble(Files.readString(folder.resolve("score"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<String> labels() {
    return List.of("REWARD");
  }

  @Override
  public ProblemType problem() {
    return ProblemType.REGRESSION;
  }

  @Override
  public float[][] logits(List<String> texts) {
    return texts.stream().map(text -> new float[] {score}).toArray(float[][]::new);
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
