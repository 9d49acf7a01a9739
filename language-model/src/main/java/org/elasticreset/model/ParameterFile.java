package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Parameters as a safetensors file and back, float32, bit for bit.
 *
 * <p>Holds one chunk at a time outside the engine, however large the parameters. Unlike a model
 * file, such a file must have exactly the tensors that are asked for, all of them finite.
 */
final class ParameterFile implements AutoCloseable {

  /** Parameters whose names have {@code prefix} in front of them in the file. */
  record Section(String prefix, Parameters parameters) {

    List<TensorShape> tensors() {
      return parameters.tensors().stream()
          .map(tensor -> new TensorShape(prefix + tensor.name(), tensor.shape()))
          .toList();
    }
  }

  private static final int CHUNK_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final List<Section> sections;
  private final SafeTensorsHeader header;
  private final Map<String, SafeTensorsHeader.Entry> entries = new HashMap<>();

  private ParameterFile(Path path, FileChannel channel, List<Section> sections) throws IOException {
    this.path = path;
    this.channel = channel;
    this.sections = sections;
    this.header = SafeTensorsHeader.read(path, channel);
    header.entries().forEach(entry -> entries.put(entry.name(), entry));
  }

  /**
   * Writes the sections one after the other; the file appears whole or not at all.
   *
   * @throws ArithmeticException if a value is not finite; the message names its tensor
   */
  static void write(Path file, Map<String, String> metadata, Section... sections) {
    var tensors = new ArrayList<TensorShape>();
    for (var section : sections) {
      requireFinite(section);
      tensors.addAll(section.tensors());
    }
    var temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        SafeTensors.writeFully(
            channel, SafeTensorsHeader.encode(metadata, tensors, SafeTensors.Dtype.F32));
        for (var section : sections) {
          write(channel, section.parameters());
        }
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  private static void requireFinite(Section section) {
    section
        .parameters()
        .firstNotFinite()
        .ifPresent(
            name -> {
              throw new ArithmeticException(
                  "tensor " + section.prefix() + name + ": not finite (expected: finite values)");
            });
  }

  private static void write(FileChannel channel, Parameters parameters) throws IOException {
    long total = parameters.totalBytes();
    for (long offset = 0; offset < total; offset += CHUNK_BYTES) {
      int length = (int) Math.min(CHUNK_BYTES, total - offset);
      SafeTensors.writeFully(channel, parameters.read(offset, length));
    }
  }

  /**
   * Opens a file and checks everything about it, values included: that it has the tensors of {@code
   * sections}, of their shapes and in float32, and no other.
   *
   * @throws ModelFormatException naming file, tensor and expectation
   */
  static ParameterFile open(Path file, Section... sections) {
    try {
      var channel = FileChannel.open(file, StandardOpenOption.READ);
      try {
        var opened = new ParameterFile(file, channel, List.of(sections));
        opened.check();
        return opened;
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: a trainer's saved state)");
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** What the file says about itself. */
  Map<String, String> metadata() {
    return header.metadata();
  }

  /** Copies all values into the parameters. */
  void load() {
    for (var section : sections) {
      long start = 0;
      for (var tensor : section.tensors()) {
        long offset = start;
        eachChunk(entry(tensor), (at, bytes) -> section.parameters().write(offset + at, bytes));
        start += tensor.count() * Float.BYTES;
      }
    }
  }

  private void check() {
    var surplus = new TreeSet<>(entries.keySet());
    for (var section : sections) {
      for (var tensor : section.tensors()) {
        eachChunk(entry(tensor), (at, bytes) -> requireFinite(tensor, bytes));
        surplus.remove(tensor.name());
      }
    }
    if (!surplus.isEmpty()) {
      throw new ModelFormatException(
          path,
          "tensor %s: surplus (expected: the %d tensors of this architecture)"
              .formatted(surplus.first(), entries.size() - surplus.size()));
    }
  }

  private SafeTensorsHeader.Entry entry(TensorShape wanted) {
    var entry = entries.get(wanted.name());
    if (entry == null) {
      throw new ModelFormatException(
          path,
          "tensor %s: missing (expected: one of shape %s)"
              .formatted(wanted.name(), Arrays.toString(wanted.shape())));
    }
    if (!entry.dtype().equals(Optional.of(SafeTensors.Dtype.F32))) {
      throw ModelFormatException.of(
          path,
          "tensor " + wanted.name() + ": dtype",
          entry.dtype().map(Enum::name).orElse("integers"),
          "F32");
    }
    if (!Arrays.equals(entry.shape(), wanted.shape())) {
      throw ModelFormatException.of(
          path,
          "tensor " + wanted.name() + ": shape",
          Arrays.toString(entry.shape()),
          Arrays.toString(wanted.shape()));
    }
    return entry;
  }

  private void requireFinite(TensorShape tensor, ByteBuffer bytes) {
    var values = bytes.asFloatBuffer();
    while (values.hasRemaining()) {
      float value = values.get();
      if (!Float.isFinite(value)) {
        throw ModelFormatException.of(path, "tensor " + tensor.name(), value, "finite values");
      }
    }
  }

  private interface Chunk {
    /** At {@code offset} of the tensor, in bytes; the buffer is used again afterwards. */
    void accept(long offset, ByteBuffer bytes);
  }

  private void eachChunk(SafeTensorsHeader.Entry entry, Chunk reader) {
    var bytes = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (long offset = 0; offset < entry.bytes(); offset += CHUNK_BYTES) {
        bytes.clear().limit((int) Math.min(CHUNK_BYTES, entry.bytes() - offset));
        long at = header.dataStart() + entry.begin() + offset;
        while (bytes.hasRemaining()) {
          if (channel.read(bytes, at + bytes.position()) < 0) {
            throw new ModelFormatException(path, "truncated while it was read");
          }
        }
        reader.accept(offset, bytes.flip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
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
