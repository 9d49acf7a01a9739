package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A Hugging Face model directory, as far as a run can be judged by it before it starts. */
record ModelDirectory(Path path, JsonNode config, long weightBytes) {
  /** The linear classifier hashes words itself; every other architecture has a tokenizer. */
  private static final String WITHOUT_TOKENIZER = "hashed-ngram";

  private static final int MAX_UNNAMED_LABELS = 1000;

  /**
   * Looks into a directory.
   *
   * @throws InvalidInputException naming {@code key}, the path and the file that is missing
   */
  static ModelDirectory open(String key, Path path) {
    if (!Files.isDirectory(path)) {
      throw InvalidInputException.of(key, path, "a model directory; it does not exist");
    }
    requireFile(key, path, "config.json");
    requireFile(key, path, "model.safetensors");
    try {
      JsonNode config = new ObjectMapper().readTree(Files.readString(path.resolve("config.json")));
      if (!config.path("model_type").asText().equals(WITHOUT_TOKENIZER)) {
        requireFile(key, path, "tokenizer.json");
      }
      return new ModelDirectory(path, config, Files.size(path.resolve("model.safetensors")));
    } catch (JsonProcessingException e) {
      throw InvalidInputException.of(key, path.resolve("config.json"), "a JSON file");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireFile(String key, Path path, String file) {
    if (!Files.isReadable(path.resolve(file))) {
      throw InvalidInputException.of(key, path, "a model directory; " + file + " is missing");
    }
  }

  /** The architecture, as {@code config.json} names it. */
  String modelType() {
    return config.path("model_type").asText("unknown");
  }

  /**
   * Labels of a classifier in the order of its outputs; where transformers did not write them, for
   * they have no names, those that it gives them. Empty for anything but a classifier.
   */
  List<String> labels() {
    JsonNode byId = config.path("id2label");
    List<String> labels = new ArrayList<>();
    for (int i = 0; byId.has(String.valueOf(i)); i++) {
      labels.add(byId.get(String.valueOf(i)).asText());
    }
    String architecture = config.path("architectures").path(0).asText();
    if (labels.isEmpty() && architecture.endsWith("ForSequenceClassification")) {
      int number = Math.min(config.path("num_labels").asInt(2), MAX_UNNAMED_LABELS);
      IntStream.range(0, number).forEach(i -> labels.add("LABEL_" + i));
    }
    return labels;
  }

  /** True if the model names a token that ends a text. */
  boolean namesEndToken() {
    return config.hasNonNull("eos_token_id");
  }

  /** Positions of the longest text that the model reads. */
  OptionalInt positions() {
    for (String name : List.of("n_positions", "max_position_embeddings")) {
      if (config.path(name).isInt()) {
        return OptionalInt.of(config.get(name).intValue());
      }
    }
    return OptionalInt.empty();
  }
}
