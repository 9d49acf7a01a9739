package org.elasticreset.model;

import java.util.Arrays;
import java.util.OptionalInt;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;

/**
 * What a classifier says about a text, as {@code config.json} has it: the meaning of its logits.
 */
record ClassifierHead(Labels labels, ProblemType problem) {

  /**
   * Reads labels and kind of problem.
   *
   * @param className the one class of transformers whose head this is
   * @throws ModelFormatException if {@code architectures} names another
   */
  static ClassifierHead read(JsonFile config, String className) {
    var architectures = config.root().path("architectures");
    if (!architectures.isMissingNode()
        && !architectures.isNull()
        && !(architectures.size() == 1 && architectures.path(0).asText().equals(className))) {
      throw config.wrong("architectures", "[\"" + className + "\"]");
    }
    var labels = Labels.read(config);
    return new ClassifierHead(labels, ProblemType.read(config, labels));
  }

  /** {@code pad_token_id}, if there is one. */
  static OptionalInt paddingToken(JsonFile config) {
    var tokens = config.ints("pad_token_id");
    if (tokens.length > 1) {
      throw config.wrong("pad_token_id", "one token");
    }
    return tokens.length == 0 ? OptionalInt.empty() : OptionalInt.of(tokens[0]);
  }

  /** [texts · labels] as [texts][labels]. */
  float[][] rows(float[] flat) {
    var rows = new float[flat.length / labels.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * labels.size(), (i + 1) * labels.size());
    }
    return rows;
  }
}
