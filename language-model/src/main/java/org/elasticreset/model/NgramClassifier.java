package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.TensorFile;
import org.elasticreset.model.files.TensorShape;

/**
 * A linear model over hashed words and word pairs, in plain Java: fast, and wrong in other ways
 * than a transformer, which is what a judge of a transformer's rewards should be.
 *
 * <p>Each distinct n-gram of a text counts once, and all together have length one: the score of a
 * label is its bias plus the sum of the n-grams' weights over the square root of their number, and
 * the probabilities are the softmax of the scores. Unknown words have weight zero.
 *
 * <p>The directory holds {@code config.json} with {@code model_type: hashed-ngram}, {@code bins} (a
 * power of two), {@code id2label}; and {@code model.safetensors} with {@code weight} [bins, labels]
 * and {@code bias} [labels]. {@link NgramFeatures} says how a text becomes bins.
 */
public final class NgramClassifier implements SequenceClassifier {

  static final String MODEL_TYPE = "hashed-ngram";

  /** Of all bins and labels: 64 MiB on the heap. */
  private static final int MAX_WEIGHTS = 1 << 24;

  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";

  private final Labels labels;
  private final int bins;
  private final float[] weight;
  private final float[] bias;

  /**
   * @param weight [bins, labels], row-major
   * @param bias [labels]
   */
  NgramClassifier(Labels labels, int bins, float[] weight, float[] bias) {
    this.labels = labels;
    this.bins = bins;
    this.weight = weight;
    this.bias = bias;
  }

  /** Opens a model directory; see {@link SequenceClassifier#open}. */
  static NgramClassifier open(ModelDirectory directory) {
    var config = JsonFile.open(directory.file("config.json"));
    var labels = Labels.read(config);
    if (labels.size() < 2) {
      throw config.wrong("id2label", "two or more labels");
    }
    int bins = config.positiveInt("bins");
    if (Integer.bitCount(bins) != 1) {
      throw config.wrong("bins", "a power of two");
    }
    if ((long) bins * labels.size() > MAX_WEIGHTS) {
      throw config.wrong("bins", "at most " + MAX_WEIGHTS + " weights with all labels");
    }
    try (var tensors = TensorFile.open(directory.file("model.safetensors"))) {
      return new NgramClassifier(
          labels,
          bins,
          values(tensors, TensorShape.of(WEIGHT, bins, labels.size())),
          values(tensors, TensorShape.of(BIAS, labels.size())));
    }
  }

  private static float[] values(TensorFile tensors, TensorShape shape) {
    var entry = tensors.entry(shape);
    var values = FloatBuffer.allocate(Math.toIntExact(shape.count()));
    tensors.eachChunk(entry, (at, chunk) -> values.put(chunk.asFloatBuffer()));
    for (float value : values.array()) {
      if (!Float.isFinite(value)) {
        throw ModelFormatException.of(
            tensors.path(), "tensor " + shape.name(), value, "finite values");
      }
    }
    return values.array();
  }

  @Override
  public List<String> labels() {
    return labels.names();
  }

  @Override
  public ProblemType problem() {
    return ProblemType.SINGLE_LABEL_CLASSIFICATION;
  }

  @Override
  public float[][] logits(List<String> texts) {
    var logits = new float[texts.size()][labels.size()];
    for (int i = 0; i < logits.length; i++) {
      var scores = scores(texts.get(i));
      for (int label = 0; label < scores.length; label++) {
        logits[i][label] = (float) scores[label];
      }
    }
    return logits;
  }

  @Override
  public float[][] probabilities(List<String> texts) {
    // Not of the rounded logits: probabilities keep the precision of their sum.
    var probabilities = new float[texts.size()][labels.size()];
    for (int i = 0; i < probabilities.length; i++) {
      var scores = scores(texts.get(i));
      softmax(scores);
      for (int label = 0; label < scores.length; label++) {
        probabilities[i][label] = (float) scores[label];
      }
    }
    return probabilities;
  }

  private double[] scores(String text) {
    int[] features = NgramFeatures.of(text, bins);
    var scores = new double[labels.size()];
    for (int feature : features) {
      for (int label = 0; label < scores.length; label++) {
        scores[label] += weight[feature * scores.length + label];
      }
    }
    double length = Math.sqrt(Math.max(1, features.length));
    for (int label = 0; label < scores.length; label++) {
      scores[label] = bias[label] + scores[label] / length;
    }
    return scores;
  }

  /** Scores become probabilities, in place. */
  static void softmax(double[] scores) {
    double highest = Arrays.stream(scores).max().orElse(0);
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - highest);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  @Override
  public void save(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + directory, e);
    }
    var config = JsonFile.MAPPER.createObjectNode();
    config.put("model_type", MODEL_TYPE);
    config.put("bins", bins);
    labels.write(config);
    JsonFile.write(directory.resolve("config.json"), config);
    SafeTensors.write(
        directory.resolve("model.safetensors"),
        List.of(
            new SafeTensors.Tensor(WEIGHT, new long[] {bins, labels.size()}, bytes(weight)),
            new SafeTensors.Tensor(BIAS, new long[] {labels.size()}, bytes(bias))),
        SafeTensors.Dtype.F16);
  }

  private static ByteBuffer bytes(float[] values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  @Override
  public void close() {
    // Nothing outside the heap.
  }
}
