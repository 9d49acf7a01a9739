package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration files of a decoder's model directory, as Hugging Face's transformers writes and
 * reads them.
 *
 * @param json {@code config.json}, kept as it came
 * @param generation {@code generation_config.json}, if there is one
 */
record DecoderFiles(DecoderConfig config, ObjectNode json, @Nullable ObjectNode generation) {

  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String END_TOKENS = "eos_token_id";

  /**
   * Reads {@code config.json}, with the end tokens of {@code generation_config.json} if it has any.
   */
  static DecoderFiles read(ModelDirectory directory) {
    var file = JsonFile.open(directory.file(CONFIG));
    var config = DecoderConfig.read(file);
    if (!directory.has(GENERATION_CONFIG)) {
      return new DecoderFiles(config, file.root(), null);
    }
    var generation = JsonFile.open(directory.file(GENERATION_CONFIG));
    var end = Arrays.stream(generation.ints(END_TOKENS)).boxed().toList();
    try {
      return new DecoderFiles(
          end.isEmpty() ? config : config.withEndTokens(end), file.root(), generation.root());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(generation.path(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The files of a new model. */
  static DecoderFiles of(DecoderConfig config) {
    var json = JsonFile.MAPPER.valueToTree(config.json());
    var generation = JsonFile.MAPPER.createObjectNode();
    putEndTokens((ObjectNode) json, config.endTokens());
    putEndTokens(generation, config.endTokens());
    return new DecoderFiles(config, (ObjectNode) json, generation);
  }

  private static void putEndTokens(ObjectNode json, List<Integer> tokens) {
    if (tokens.isEmpty()) {
      return;
    }
    // Training text begins with the token that ends a text, as GPT-2's did.
    json.put("bos_token_id", tokens.get(0));
    if (tokens.size() == 1) {
      json.put(END_TOKENS, tokens.get(0));
    } else {
      var list = json.putArray(END_TOKENS);
      tokens.forEach(list::add);
    }
  }

  /** Refuses a tokenizer with ids that the model has no embedding for. */
  void requireFits(ModelDirectory directory, Tokenizer tokenizer) {
    if (tokenizer.size() > config.vocabularySize()) {
      throw new ModelFormatException(
          directory.file(Tokenizer.FILE),
          tokenizer.size()
              + " tokens (expected: at most vocab_size of config.json, "
              + config.vocabularySize()
              + ")");
    }
  }

  /** Writes both files; the directory is made if there is none. */
  void write(Path directory, SafeTensors.Dtype dtype) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("making directory " + directory, e);
    }
    var written = json.deepCopy();
    written.put(
        json.has("dtype") ? "dtype" : "torch_dtype",
        switch (dtype) {
          case F32 -> "float32";
          case F16 -> "float16";
          case BF16 -> "bfloat16";
        });
    JsonFile.write(directory.resolve(CONFIG), written);
    if (generation != null) {
      JsonFile.write(directory.resolve(GENERATION_CONFIG), generation);
    }
  }
}
