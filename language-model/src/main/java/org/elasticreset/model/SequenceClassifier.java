package org.elasticreset.model;

import java.nio.file.Path;
import java.util.List;

/** Gives each text a probability for each of its labels. Safe for use by several threads. */
public interface SequenceClassifier extends AutoCloseable {

  /**
   * Opens a model directory by the {@code model_type} of its {@code config.json}.
   *
   * @throws ModelFormatException if a file is missing or does not say what it must; the message
   *     names file, key, value and expectation
   */
  static SequenceClassifier open(Path directory) {
    var files = new ModelDirectory(directory);
    var config = JsonFile.open(files.file("config.json"));
    return switch (config.text("model_type")) {
      case EncoderConfig.MODEL_TYPE -> EncoderClassifier.open(files);
      case NgramClassifier.MODEL_TYPE -> NgramClassifier.open(files);
      default ->
          throw config.wrong(
              "model_type", EncoderConfig.MODEL_TYPE + " or " + NgramClassifier.MODEL_TYPE);
    };
  }

  /** The labels, in the order of the probabilities. */
  List<String> labels();

  /**
   * Scores one batch in one call.
   *
   * @return [texts][labels]; each row sums to 1
   */
  float[][] probabilities(List<String> texts);

  /**
   * The place of {@code label} among {@link #labels}.
   *
   * @throws IllegalArgumentException if this classifier has no such label; the message lists them
   */
  default int labelIndex(String label) {
    int index = labels().indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException(
          "label: " + label + " (expected: one of " + labels() + ")");
    }
    return index;
  }

  /** Writes the model directory that {@link #open} reads, weights in half precision. */
  void save(Path directory);

  @Override
  void close();
}
