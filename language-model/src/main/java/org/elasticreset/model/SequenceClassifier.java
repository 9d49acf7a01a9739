package org.elasticreset.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;

/** Gives each text a score for each of its labels. Safe for use by several threads. */
public interface SequenceClassifier extends AutoCloseable {

  /**
   * Opens a model directory by the {@code model_type} of its {@code config.json}: an encoder
   * ({@link EncoderClassifier}), a decoder ({@link DecoderClassifier}), or Elastic Reset's own
   * linear model ({@link NgramClassifier}).
   *
   * @throws ModelFormatException if a file is missing or does not say what it must, or asks for an
   *     architecture or a setting that there is not; the message names file, key, value and
   *     expectation
   */
  static SequenceClassifier open(Path directory) {
    var files = new ModelDirectory(directory);
    var config = JsonFile.open(files.file("config.json"));
    var type = config.text("model_type");
    if (type.equals(NgramClassifier.MODEL_TYPE)) {
      return NgramClassifier.open(files);
    }
    if (DecoderClassifier.CLASS_NAMES.containsKey(type)) {
      return DecoderClassifier.open(files, DecoderClassifier.CLASS_NAMES.get(type));
    }
    var architecture =
        EncoderArchitecture.of(type)
            .orElseThrow(() -> config.wrong("model_type", "one of " + modelTypes()));
    return EncoderClassifier.open(files, architecture);
  }

  private static Set<String> modelTypes() {
    var types = new TreeSet<>(DecoderClassifier.CLASS_NAMES.keySet());
    types.add(NgramClassifier.MODEL_TYPE);
    for (var architecture : EncoderArchitecture.values()) {
      types.add(architecture.modelType);
    }
    return types;
  }

  /** The labels, in the order of the scores. */
  List<String> labels();

  /** What the logits mean. */
  ProblemType problem();

  /**
   * What the model itself says about the texts, on no scale in particular.
   *
   * @return [texts][labels]
   */
  float[][] logits(List<String> texts);

  /**
   * The logits as probabilities, by the {@link #problem}; of a regression, which has none, the
   * logits.
   *
   * @return [texts][labels]
   */
  default float[][] probabilities(List<String> texts) {
    var rows = logits(texts);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = problem().probabilities(rows[i]);
    }
    return rows;
  }

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
