package org.elasticreset.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The files of a model that we read, out of all that a repository may hold. Weights are safetensors
 * only: pickles are programs.
 */
final class ModelFiles {

  static final String CONFIG = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String WEIGHTS = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  static final String ADAPTER_CONFIG = "adapter_config.json";
  static final String ADAPTER = "adapter_model.safetensors";

  /** Taken where they are there. */
  static final List<String> SMALL =
      List.of(
          CONFIG,
          "generation_config.json",
          TOKENIZER,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          ADAPTER_CONFIG);

  private static final Pattern SHARD =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,199}\\.safetensors");
  private static final int MOST_SHARDS = 10_000;
  private static final long LONGEST_INDEX_BYTES = 64L << 20;

  private ModelFiles() {}

  /** The files to fetch first; an index among them says which weights follow. */
  static List<String> small(Predicate<String> there) {
    List<String> files = new ArrayList<>(SMALL.stream().filter(there).toList());
    if (!there.test(WEIGHTS) && there.test(INDEX)) {
      files.add(INDEX);
    }
    return files;
  }

  /**
   * The files with weights, of which there is at least one.
   *
   * @param directory holds the index if there is one
   * @throws HubException if there are none that we read
   */
  static List<String> weights(HubName model, Predicate<String> there, Path directory)
      throws HubException, IOException {
    List<String> files = new ArrayList<>();
    if (there.test(WEIGHTS)) {
      files.add(WEIGHTS);
    } else if (there.test(INDEX)) {
      files.addAll(shards(model, directory.resolve(INDEX)));
    }
    if (there.test(ADAPTER)) {
      files.add(ADAPTER);
    }
    if (files.isEmpty()) {
      throw new HubException(
          "%s: no weights in safetensors (expected: %s, %s or %s; pickled weights are not read)"
              .formatted(model, WEIGHTS, INDEX, ADAPTER));
    }
    return files;
  }

  /** Names of shards that an index gives; each is a plain name. */
  static List<String> shards(HubName model, Path index) throws HubException, IOException {
    if (Files.size(index) > LONGEST_INDEX_BYTES) {
      throw new HubException("%s: %s above 64 MiB".formatted(model, INDEX));
    }
    TreeSet<String> shards = new TreeSet<>();
    try {
      JsonNode tensors = new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
      for (JsonNode shard : tensors) {
        if (!SHARD.matcher(shard.asText()).matches()) {
          throw new HubException(
              "%s: %s of %s (expected: the plain name of a safetensors file)"
                  .formatted(model, Quoted.of(shard.asText()), INDEX));
        }
        shards.add(shard.asText());
      }
    } catch (JsonProcessingException e) {
      throw new HubException("%s: %s (expected: JSON)".formatted(model, INDEX), e);
    }
    if (shards.isEmpty() || shards.size() > MOST_SHARDS) {
      throw new HubException(
          "%s: %s names %d files (expected: 1 to %d)"
              .formatted(model, INDEX, shards.size(), MOST_SHARDS));
    }
    return List.copyOf(shards);
  }
}
