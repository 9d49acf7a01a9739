package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.TensorStream;
import org.elasticreset.model.tokenizer.Tokenizer;

/** A classifier's directory as it is written: weights in half precision, the rest as it came. */
final class ClassifierDirectory {

  static final String CONFIG = "config.json";

  private ClassifierDirectory() {}

  static void write(Path directory, ObjectNode config, Parameters parameters, Tokenizer tokenizer) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + directory, e);
    }
    var written = config.deepCopy();
    written.put(config.has("dtype") ? "dtype" : "torch_dtype", "float16");
    JsonFile.write(directory.resolve(CONFIG), written);
    var tensors =
        TensorStream.of(parameters).stream()
            .map(tensor -> tensor.as(SafeTensors.Dtype.F16))
            .toList();
    ModelWeights.write(directory, tensors, ModelWeights.SHARD_BYTES);
    tokenizer.save(directory);
  }
}
