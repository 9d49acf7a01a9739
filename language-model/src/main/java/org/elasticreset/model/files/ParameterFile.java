package org.elasticreset.model.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
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
public final class ParameterFile implements AutoCloseable {

  /** Parameters whose names have {@code prefix} in front of them in the file. */
  public record Section(String prefix, FloatTensors parameters) {

    List<TensorShape> tensors() {
      return parameters.tensors().stream()
          .map(tensor -> new TensorShape(prefix + tensor.name(), tensor.shape()))
          .toList();
    }

    private List<TensorStream> streams() {
      return TensorStream.of(parameters).stream()
          .map(tensor -> tensor.named(prefix + tensor.name()))
          .toList();
    }
  }

  private final TensorFile file;
  private final List<Section> sections;

  private ParameterFile(TensorFile file, List<Section> sections) {
    this.file = file;
    this.sections = sections;
  }

  /**
   * Writes the sections one after the other; the file appears whole or not at all.
   *
   * @throws ArithmeticException if a value is not finite; the message names its tensor
   */
  public static void write(Path file, Map<String, String> metadata, Section... sections) {
    var tensors = new ArrayList<TensorStream>();
    for (var section : sections) {
      requireFinite(section);
      tensors.addAll(section.streams());
    }
    SafeTensors.write(file, metadata, tensors);
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

  /**
   * Opens a file and checks everything about it, values included: that it has the tensors of {@code
   * sections}, of their shapes and in float32, and no other.
   *
   * @throws ModelFormatException naming file, tensor and expectation
   */
  public static ParameterFile open(Path path, Section... sections) {
    var file = TensorFile.open(path);
    try {
      var opened = new ParameterFile(file, List.of(sections));
      opened.check();
      return opened;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** What the file says about itself. */
  public Map<String, String> metadata() {
    return file.metadata();
  }

  /** Copies all values into the parameters. */
  public void load() {
    for (var section : sections) {
      long start = 0;
      for (var tensor : section.tensors()) {
        long offset = start;
        file.eachChunk(
            file.entry(tensor), (at, values) -> section.parameters().write(offset + at, values));
        start += tensor.count() * Float.BYTES;
      }
    }
  }

  private void check() {
    var surplus = new TreeSet<>(file.entries().keySet());
    for (var section : sections) {
      for (var tensor : section.tensors()) {
        var entry = file.entry(tensor);
        if (!entry.dtype().equals(Optional.of(SafeTensors.Dtype.F32))) {
          throw ModelFormatException.of(
              file.path(), "tensor " + tensor.name() + ": dtype", entry.dtype().get(), "F32");
        }
        file.eachChunk(entry, (at, values) -> requireFinite(tensor, values));
        surplus.remove(tensor.name());
      }
    }
    if (!surplus.isEmpty()) {
      throw new ModelFormatException(
          file.path(),
          "tensor %s: surplus (expected: the %d tensors of this architecture)"
              .formatted(surplus.first(), file.entries().size() - surplus.size()));
    }
  }

  private void requireFinite(TensorShape tensor, ByteBuffer bytes) {
    var values = bytes.asFloatBuffer();
    while (values.hasRemaining()) {
      float value = values.get();
      if (!Float.isFinite(value)) {
        throw ModelFormatException.of(
            file.path(), "tensor " + tensor.name(), value, "finite values");
      }
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
