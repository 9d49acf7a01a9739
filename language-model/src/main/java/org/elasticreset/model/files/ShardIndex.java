package org.elasticreset.model.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which file of a sharded model has which tensor.
 *
 * @param path of the index
 * @param shards the tensors of each file
 * @param totalBytes of all values, if the index says so
 */
public record ShardIndex(Path path, Map<String, TreeSet<String>> shards, OptionalLong totalBytes) {

  public static final String FILE = ModelWeights.FILE + ".index.json";

  /** Five times what the largest published models have; each is an open file. */
  private static final int MAX_SHARDS = 1000;

  private static final String WEIGHT_MAP = "weight_map";
  private static final String METADATA = "metadata";
  private static final String TOTAL = "total_size";

  /**
   * Reads the index, within the limits of a configuration: 4 MiB, 250 thousand JSON tokens.
   *
   * @throws ModelFormatException naming key, value and expectation
   */
  static ShardIndex read(ModelDirectory directory) {
    var file = JsonFile.open(directory.file(FILE));
    if (!(file.root().get(WEIGHT_MAP) instanceof ObjectNode map) || map.isEmpty()) {
      throw file.wrong(WEIGHT_MAP, "an object of tensors and their files");
    }
    var shards = new TreeMap<String, TreeSet<String>>();
    for (var field : map.properties()) {
      if (!field.getValue().isTextual()) {
        throw ModelFormatException.of(
            file.path(),
            WEIGHT_MAP + ": " + field.getKey(),
            field.getValue(),
            "the name of a file");
      }
      shards
          .computeIfAbsent(field.getValue().textValue(), shard -> new TreeSet<>())
          .add(field.getKey());
    }
    if (shards.size() > MAX_SHARDS) {
      throw ModelFormatException.of(
          file.path(), WEIGHT_MAP, shards.size() + " files", "at most " + MAX_SHARDS);
    }
    return new ShardIndex(file.path(), shards, totalBytes(file));
  }

  private static OptionalLong totalBytes(JsonFile file) {
    var total = file.root().path(METADATA).path(TOTAL);
    if (total.isMissingNode() || total.isNull()) {
      return OptionalLong.empty();
    }
    // Some writers count in halves of bytes, and so write 1024.0.
    if (!total.isNumber() || !total.canConvertToExactIntegral() || !total.canConvertToLong()) {
      throw ModelFormatException.of(
          file.path(), METADATA + ": " + TOTAL, total, "a number of bytes");
    }
    return OptionalLong.of(total.longValue());
  }

  /**
   * Opens the shards and checks that each has the tensors that the index says, and no other.
   *
   * @param opened gets the files, also those that were opened before one was refused
   */
  void open(ModelDirectory directory, List<TensorFile> opened) {
    long total = 0;
    for (var shard : shards.entrySet()) {
      var file = TensorFile.open(directory.file(shard.getKey()));
      opened.add(file);
      requireSame(file, shard.getValue());
      total += file.valueBytes();
    }
    if (totalBytes.isPresent() && totalBytes.getAsLong() != total) {
      throw ModelFormatException.of(
          path,
          METADATA + ": " + TOTAL,
          totalBytes.getAsLong(),
          total + ", the bytes of all tensors");
    }
  }

  private void requireSame(TensorFile file, TreeSet<String> expected) {
    for (var name : expected) {
      if (!file.entries().containsKey(name)) {
        throw new ModelFormatException(
            file.path(), "tensor %s: missing (expected: here, by %s)".formatted(name, FILE));
      }
    }
    for (var name : new TreeSet<>(file.entries().keySet())) {
      if (!expected.contains(name)) {
        throw new ModelFormatException(
            file.path(), "tensor %s: surplus (expected: %s)".formatted(name, place(name)));
      }
    }
  }

  private String place(String tensor) {
    for (var shard : shards.entrySet()) {
      if (shard.getValue().contains(tensor)) {
        return "in " + shard.getKey() + ", by " + FILE;
      }
    }
    return "none of this name, by " + FILE;
  }

  /** The index of shards that are about to be written. */
  static JsonNode encode(Map<String, List<TensorStream>> shards) {
    var root = JsonFile.MAPPER.createObjectNode();
    long total =
        shards.values().stream().flatMap(List::stream).mapToLong(TensorStream::bytes).sum();
    root.putObject(METADATA).put(TOTAL, total);
    var places = new TreeMap<String, String>();
    shards.forEach((file, tensors) -> tensors.forEach(tensor -> places.put(tensor.name(), file)));
    var map = root.putObject(WEIGHT_MAP);
    places.forEach(map::put);
    return root;
  }
}
