package org.elasticreset.model.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.elasticreset.model.files.SafeTensors.Dtype;

/**
 * The tensors of a model's directory: of {@code model.safetensors}, or of the shards that {@code
 * model.safetensors.index.json} names. Where both are there, transformers takes the one file, and
 * so does this.
 *
 * <p>Memory for a model is set aside only after {@link #require} has found all of its tensors: a
 * few digits in {@code config.json} cannot ask for more than the files have. A tensor may be as
 * large as its file. For one thread.
 */
public final class ModelWeights implements AutoCloseable {

  public static final String FILE = "model.safetensors";

  private static final String PICKLE = "pytorch_model.bin";

  /** What transformers divides a model into. */
  public static final long SHARD_BYTES = 5_000_000_000L;

  /** A tensor under the name it has in its file. */
  public record Entry(TensorFile file, SafeTensorsHeader.Entry stored) implements NamedShape {

    @Override
    public String name() {
      return stored.name();
    }

    @Override
    public long[] shape() {
      return stored.shape();
    }

    /** Its values as they are stored. */
    public TensorStream stream() {
      return file.stream(stored);
    }
  }

  private final Path path;
  private final List<TensorFile> files;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ModelWeights(Path path, List<TensorFile> files, UnaryOperator<String> canonicalName) {
    this.path = path;
    this.files = files;
    for (var file : files) {
      for (var stored : file.stored()) {
        var name = canonicalName.apply(stored.name());
        if (entries.put(name, new Entry(file, stored)) != null) {
          throw new ModelFormatException(
              file.path(),
              "tensor %s: twice (expected: once, as %s)".formatted(stored.name(), name));
        }
      }
    }
  }

  public static ModelWeights open(ModelDirectory directory) {
    return open(directory, name -> name);
  }

  /**
   * Opens the files and checks their headers and the index.
   *
   * @param canonicalName what a tensor of the files is wanted as
   * @throws ModelFormatException naming file, tensor and expectation
   */
  public static ModelWeights open(ModelDirectory directory, UnaryOperator<String> canonicalName) {
    boolean sharded = !directory.has(FILE) && directory.has(ShardIndex.FILE);
    if (!sharded && !directory.has(FILE) && directory.has(PICKLE)) {
      throw new ModelFormatException(
          directory.path().resolve(FILE),
          "no such file, only %s (expected: weights as safetensors)".formatted(PICKLE));
    }
    var files = new ArrayList<TensorFile>();
    try {
      if (sharded) {
        ShardIndex.read(directory).open(directory, files);
      } else {
        files.add(TensorFile.open(directory.file(FILE)));
      }
      return new ModelWeights(
          directory.file(sharded ? ShardIndex.FILE : FILE), files, canonicalName);
    } catch (RuntimeException e) {
      files.forEach(TensorFile::close);
      throw e;
    }
  }

  /** The one file, or the index of the shards. */
  public Path path() {
    return path;
  }

  /** All tensors by the names they are wanted as, in the order of the files. */
  public Map<String, Entry> entries() {
    return entries;
  }

  /** The type of most values; float32 if there are none. */
  public Dtype dtype() {
    var counts = new EnumMap<Dtype, Long>(Dtype.class);
    for (var entry : entries.values()) {
      var stored = entry.stored();
      stored
          .dtype()
          .ifPresent(dtype -> counts.merge(dtype, stored.bytes() / dtype.bytes(), Long::sum));
    }
    return counts.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(Dtype.F32);
  }

  /** Refuses files that lack one of these tensors or have it in another shape. */
  public void require(List<TensorShape> wanted) {
    wanted.forEach(this::entry);
  }

  /** The tensor of a name and shape. */
  public Entry entry(TensorShape wanted) {
    var entry = entries.get(wanted.name());
    if (entry == null) {
      throw TensorFile.missing(path, wanted);
    }
    entry.file().requireFits(entry.stored(), wanted);
    return entry;
  }

  /** Reads a tensor from its beginning to its end, as float32. */
  public void eachChunk(Entry entry, TensorStream.Chunk reader) {
    eachChunk(entry, Dtype.F32, reader);
  }

  /** Reads a tensor as values of a type; of the type that it is stored in, bit for bit. */
  public void eachChunk(Entry entry, Dtype dtype, TensorStream.Chunk reader) {
    entry.stream().as(dtype).eachChunk(reader);
  }

  /**
   * Fills parameters.
   *
   * @throws ModelFormatException if a value is not finite; nothing that is computed from it would
   *     be
   */
  public void load(FloatTensors parameters) {
    TensorFile.load(path, parameters, wanted -> entry(wanted).stream());
  }

  /**
   * Writes a model's tensors, each in the type that it comes in, into one file or, if they do not
   * fit {@code maxShardBytes}, into shards with an index. A tensor is never divided. Files of
   * weights that were there are replaced; a directory has the old weights, none, or the new ones,
   * never some of each.
   *
   * @param directory is there
   */
  public static void write(Path directory, List<TensorStream> tensors, long maxShardBytes) {
    new WeightsWriter(directory, tensors, maxShardBytes, () -> {}).write();
  }

  @Override
  public void close() {
    files.forEach(TensorFile::close);
  }
}
