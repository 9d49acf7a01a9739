package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** A Hugging Face model directory, as far as a run can be judged by it before it starts. */
record ModelDirectory(Path path, JsonNode config, long weightBytes) {
  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  /**
   * Looks into a directory.
   *
   * @throws InvalidInputException naming {@code key}, the path and the file that is missing
   */
  static ModelDirectory open(String key, Path path) {
    if (!Files.isDirectory(path)) {
      throw InvalidInputException.of(
          key, path, "a model directory with " + String.join(", ", FILES) + "; it does not exist");
    }
    for (String file : FILES) {
      if (!Files.isReadable(path.resolve(file))) {
        throw InvalidInputException.of(
            key,
            path,
            "a model directory with " + String.join(", ", FILES) + "; " + file + " is missing");
      }
    }
    try {
      JsonNode config = new ObjectMapper().readTree(Files.readString(path.resolve("config.json")));
      return new ModelDirectory(path, config, Files.size(path.resolve("model.safetensors")));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw InvalidInputException.of(key, path.resolve("config.json"), "a JSON file");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Labels of a classifier in the order of its outputs; empty if it names none. */
  List<String> labels() {
    List<String> labels = new ArrayList<>();
    JsonNode byId = config.path("id2label");
    for (int i = 0; byId.has(String.valueOf(i)); i++) {
      labels.add(byId.get(String.valueOf(i)).asText());
    }
    return labels;
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
