package org.elasticreset.model.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Puts the weights of a model into its directory, as one file or as shards. */
public final class WeightsWriter {

  private static final Pattern SHARD = Pattern.compile("model-[0-9]{5}-of-[0-9]{5}\\.safetensors");

  private final Path directory;
  private final Map<String, List<TensorStream>> files;
  private final Runnable beforeChange;

  /**
   * @param beforeChange runs before each change to what readers find
   */
  public WeightsWriter(
      Path directory, List<TensorStream> tensors, long maxShardBytes, Runnable beforeChange) {
    if (maxShardBytes < 1) {
      throw new IllegalArgumentException(
          "shard size: " + maxShardBytes + " bytes (expected: at least 1)");
    }
    requireDistinct(tensors);
    this.directory = directory;
    this.beforeChange = beforeChange;
    this.files = named(divided(tensors, maxShardBytes));
  }

  private static void requireDistinct(List<TensorStream> tensors) {
    var names = new HashSet<String>();
    for (var tensor : tensors) {
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException("two tensors are called " + tensor.name());
      }
    }
  }

  /** In their order; a tensor that is larger than a shard gets one of its own. */
  private static List<List<TensorStream>> divided(List<TensorStream> tensors, long maxShardBytes) {
    var shards = new ArrayList<List<TensorStream>>();
    var shard = new ArrayList<TensorStream>();
    long room = maxShardBytes;
    for (var tensor : tensors) {
      if (tensor.bytes() > room && !shard.isEmpty()) {
        shards.add(shard);
        shard = new ArrayList<>();
        room = maxShardBytes;
      }
      shard.add(tensor);
      room -= tensor.bytes();
    }
    shards.add(shard);
    return shards;
  }

  private static Map<String, List<TensorStream>> named(List<List<TensorStream>> shards) {
    if (shards.size() == 1) {
      return Map.of(ModelWeights.FILE, shards.get(0));
    }
    var named = new LinkedHashMap<String, List<TensorStream>>();
    for (int i = 0; i < shards.size(); i++) {
      named.put("model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size()), shards.get(i));
    }
    return named;
  }

  /**
   * Everything is written under other names first. Readers take the one file where it is there,
   * else the index, and what a reader takes is put into place last and taken away first.
   */
  public void write() {
    var unfinished = new LinkedHashMap<String, Path>();
    try {
      for (var file : files.entrySet()) {
        var path = directory.resolve(file.getKey());
        unfinished.put(file.getKey(), SafeTensors.writeUnfinished(path, Map.of(), file.getValue()));
      }
      place(unfinished);
    } catch (IOException e) {
      throw new UncheckedIOException("writing the weights of " + directory, e);
    } catch (RuntimeException e) {
      unfinished.values().forEach(path -> SafeTensors.delete(path, e));
      throw e;
    }
  }

  private void place(Map<String, Path> unfinished) throws IOException {
    if (files.size() > 1) {
      delete(ShardIndex.FILE);
    }
    for (var file : unfinished.entrySet()) {
      move(file.getValue(), file.getKey());
    }
    if (files.size() > 1) {
      var index = directory.resolve(ShardIndex.FILE + ".part");
      JsonFile.write(index, ShardIndex.encode(files));
      move(index, ShardIndex.FILE);
      delete(ModelWeights.FILE);
    } else {
      delete(ShardIndex.FILE);
    }
    deleteOtherShards();
  }

  private void deleteOtherShards() throws IOException {
    try (var paths = Files.list(directory)) {
      for (var path : paths.toList()) {
        var name = path.getFileName().toString();
        if (SHARD.matcher(name).matches() && !files.containsKey(name)) {
          delete(name);
        }
      }
    }
  }

  private void move(Path unfinished, String name) throws IOException {
    beforeChange.run();
    Files.move(unfinished, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void delete(String name) throws IOException {
    beforeChange.run();
    Files.deleteIfExists(directory.resolve(name));
  }
}
