package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A safetensors file whose tensors are wanted by name and shape, read a chunk at a time.
 *
 * <p>Memory for a model is set aside only after {@link #require} has found all of its tensors in
 * the file: a few digits in {@code config.json} cannot ask for more than the file has.
 */
final class TensorFile implements AutoCloseable {

  /** Takes a part of a tensor. */
  interface Chunk {
    /** At {@code offset} bytes of the tensor, little-endian float32; used again afterwards. */
    void accept(long offset, ByteBuffer values);
  }

  private static final int CHUNK_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final SafeTensorsHeader header;
  private final Map<String, SafeTensorsHeader.Entry> entries = new HashMap<>();

  private TensorFile(Path path, FileChannel channel, UnaryOperator<String> canonicalName)
      throws IOException {
    this.path = path;
    this.channel = channel;
    this.header = SafeTensorsHeader.read(path, channel);
    for (var entry : header.entries()) {
      if (entries.put(canonicalName.apply(entry.name()), entry) != null) {
        throw new ModelFormatException(
            path,
            "tensor %s: twice (expected: once, as %s)"
                .formatted(entry.name(), canonicalName.apply(entry.name())));
      }
    }
  }

  static TensorFile open(Path path) {
    return open(path, name -> name);
  }

  /**
   * Opens a file and checks its header.
   *
   * @param canonicalName what a tensor of the file is wanted as
   */
  static TensorFile open(Path path, UnaryOperator<String> canonicalName) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(path, "not a file (expected: tensors as safetensors)");
    }
    try {
      var channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new TensorFile(path, channel, canonicalName);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path, "no such file (expected: tensors as safetensors)");
    } catch (IOException e) {
      throw new ModelFormatException(path, "cannot be read: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  /** What the file says about itself. */
  Map<String, String> metadata() {
    return header.metadata();
  }

  /** All tensors by the names they are wanted as. */
  Map<String, SafeTensorsHeader.Entry> entries() {
    return entries;
  }

  /** Refuses a file that lacks one of these tensors or has it in another shape. */
  void require(List<TensorShape> wanted) {
    wanted.forEach(this::entry);
  }

  /** The tensor of a name and shape. */
  SafeTensorsHeader.Entry entry(TensorShape wanted) {
    var entry = entries.get(wanted.name());
    if (entry == null) {
      throw new ModelFormatException(
          path,
          "tensor %s: missing (expected: one of shape %s)"
              .formatted(wanted.name(), Arrays.toString(wanted.shape())));
    }
    if (!Arrays.equals(entry.shape(), wanted.shape())) {
      throw ModelFormatException.of(
          path,
          "tensor " + entry.name() + ": shape",
          Arrays.toString(entry.shape()),
          Arrays.toString(wanted.shape()));
    }
    if (entry.dtype().isEmpty()) {
      throw ModelFormatException.of(
          path, "tensor " + entry.name() + ": dtype", "integers", "F32, F16 or BF16");
    }
    return entry;
  }

  /**
   * Fills parameters.
   *
   * @throws ModelFormatException if a value is not finite; nothing that is computed from it would
   *     be
   */
  void load(Parameters parameters) {
    long start = 0;
    for (var tensor : parameters.tensors()) {
      long offset = start;
      eachChunk(entry(tensor), (at, values) -> parameters.write(offset + at, values));
      start += tensor.count() * Float.BYTES;
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
  void eachChunk(SafeTensorsHeader.Entry entry, Chunk reader) {
    var dtype = entry.dtype().orElseThrow();
    int valueBytes = SafeTensors.bytes(dtype);
    var stored = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (long offset = 0; offset < entry.bytes(); offset += CHUNK_BYTES) {
        stored.clear().limit((int) Math.min(CHUNK_BYTES, entry.bytes() - offset));
        readFully(header.dataStart() + entry.begin() + offset, stored);
        reader.accept(offset / valueBytes * Float.BYTES, SafeTensors.widen(stored.flip(), dtype));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  private void readFully(long position, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw new ModelFormatException(path, "truncated while it was read");
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + path, e);
    }
  }
}
