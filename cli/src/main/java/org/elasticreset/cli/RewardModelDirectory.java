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
import java.util.stream.IntStream;

/** The directory of a classifier, as far as a run can be judged by it before it starts. */
record RewardModelDirectory(JsonNode config) {
  /** The linear classifier hashes words itself; every other architecture has a tokenizer. */
  private static final String WITHOUT_TOKENIZER = "hashed-ngram";

  private static final int MAX_UNNAMED_LABELS = 1000;

  /** As the services, which read the file with care. */
  private static final long MAX_CONFIG_BYTES = 4 << 20;

  /**
   * Looks into a directory.
   *
   * @throws InvalidInputException naming {@code key}, the path and the file that is missing
   */
  static RewardModelDirectory open(String key, Path path) {
    if (!Files.isDirectory(path)) {
      throw InvalidInputException.of(key, path, "a model directory; it does not exist");
    }
    requireFile(key, path, "config.json");
    if (!Files.isReadable(path.resolve("model.safetensors.index.json"))) {
      requireFile(key, path, "model.safetensors");
    }
    try {
      Path file = path.resolve("config.json");
      if (Files.size(file) > MAX_CONFIG_BYTES) {
        throw InvalidInputException.of(
            key, file, "at most %d bytes; it has %d".formatted(MAX_CONFIG_BYTES, Files.size(file)));
      }
      JsonNode config = new ObjectMapper().readTree(Files.readString(file));
      if (!config.path("model_type").asText().equals(WITHOUT_TOKENIZER)) {
        requireFile(key, path, "tokenizer.json");
      }
      return new RewardModelDirectory(config);
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
}
