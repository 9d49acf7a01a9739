package org.elasticreset.model.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A safetensors file whose tensors are wanted by name and shape, read a chunk at a time.
 *
 * <p>Memory for a model is set aside only after {@link #require} has found all of its tensors in
 * the file: a few digits in {@code config.json} cannot ask for more than the file has.
 */
public final class TensorFile implements AutoCloseable {

  private final StableFile file;
  private final SafeTensorsHeader header;
  private final Map<String, SafeTensorsHeader.Entry> entries = new HashMap<>();

  TensorFile(StableFile file) {
    this.file = file;
    this.header = SafeTensorsHeader.read(file);
    header.entries().forEach(entry -> entries.put(entry.name(), entry));
  }

  /** Opens a file and checks its header. */
  public static TensorFile open(Path path) {
    var file = StableFile.open(path);
    try {
      return new TensorFile(file);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  public Path path() {
    return file.path();
  }

  /** What the file says about itself. */
  Map<String, String> metadata() {
    return header.metadata();
  }

  /** All tensors by name. */
  public Map<String, SafeTensorsHeader.Entry> entries() {
    return entries;
  }

  /** All tensors in the order of their values. */
  List<SafeTensorsHeader.Entry> stored() {
    return header.entries();
  }

  /** Of all tensors together. */
  long valueBytes() {
    return file.size() - header.dataStart();
  }

  /** Refuses a file that lacks one of these tensors or has it in another shape. */
  public void require(List<TensorShape> wanted) {
    wanted.forEach(this::entry);
  }

  /** The tensor of a name and shape. */
  public SafeTensorsHeader.Entry entry(TensorShape wanted) {
    var entry = entries.get(wanted.name());
    if (entry == null) {
      throw missing(path(), wanted);
    }
    return requireFits(entry, wanted);
  }

  static ModelFormatException missing(Path path, TensorShape wanted) {
    return new ModelFormatException(
        path,
        "tensor %s: missing (expected: one of shape %s)"
            .formatted(wanted.name(), Arrays.toString(wanted.shape())));
  }

  /** A tensor of this file, if it has the shape and values that are wanted. */
  SafeTensorsHeader.Entry requireFits(SafeTensorsHeader.Entry entry, TensorShape wanted) {
    if (!Arrays.equals(entry.shape(), wanted.shape())) {
      throw ModelFormatException.of(
          path(),
          "tensor " + entry.name() + ": shape",
          Arrays.toString(entry.shape()),
          Arrays.toString(wanted.shape()));
    }
    if (entry.dtype().isEmpty()) {
      throw ModelFormatException.of(
          path(), "tensor " + entry.name() + ": dtype", "integers", "F32, F16 or BF16");
    }
    return entry;
  }

  /**
   * Fills parameters.
   *
   * @throws ModelFormatException if a value is not finite; nothing that is computed from it would
   *     be
   */
  public void load(FloatTensors parameters) {
    load(path(), parameters, wanted -> stream(entry(wanted)));
  }

  /** Fills parameters from tensors of {@code path}. */
  public static void load(
      Path path, FloatTensors parameters, Function<TensorShape, TensorStream> tensors) {
    long start = 0;
    for (var wanted : parameters.tensors()) {
      long offset = start;
      tensors
          .apply(wanted)
          .as(SafeTensors.Dtype.F32)
          .eachChunk((at, values) -> parameters.write(offset + at, values));
      start += wanted.count() * Float.BYTES;
    }
    parameters
        .firstNotFinite()
        .ifPresent(
            name -> {
              throw new ModelFormatException(
                  path, "tensor " + name + ": not finite (expected: finite values)");
            });
  }

  /** Reads a tensor from its beginning to its end; half precision is widened. */
  public void eachChunk(SafeTensorsHeader.Entry entry, TensorStream.Chunk reader) {
    stream(entry).as(SafeTensors.Dtype.F32).eachChunk(reader);
  }

  /** The floating-point tensors as they are stored, in the order of their values. */
  public List<TensorStream> streams() {
    return header.entries().stream()
        .filter(entry -> entry.dtype().isPresent())
        .map(this::stream)
        .toList();
  }

  /** A floating-point tensor as it is stored. */
  TensorStream stream(SafeTensorsHeader.Entry entry) {
    return new TensorStream(
        entry.name(), entry.shape(), entry.dtype().orElseThrow(), reader -> read(entry, reader));
  }

  private void read(SafeTensorsHeader.Entry entry, TensorStream.Chunk reader) {
    var what = "tensor " + entry.name();
    long start = header.dataStart() + entry.begin();
    var chunk =
        ByteBuffer.allocate((int) Math.min(TensorStream.CHUNK_BYTES, entry.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long offset = 0; offset < entry.bytes(); offset += TensorStream.CHUNK_BYTES) {
      chunk.clear().limit((int) Math.min(TensorStream.CHUNK_BYTES, entry.bytes() - offset));
      file.read(what, start + offset, chunk);
      reader.accept(offset, chunk.flip());
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
