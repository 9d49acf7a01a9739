package org.elasticreset.model.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Files of named tensors: 8 bytes of header length, a JSON header, the values one after another.
 *
 * <p>This class takes and gives whole files, with every tensor in memory; {@link ModelWeights}
 * reads and writes those of a model, a chunk at a time. A header of more than 100 MB or 500
 * thousand JSON tokens is refused. A header that lies is refused with file, tensor and offset
 * before a value is touched.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class SafeTensors {

  /** The floating-point types that weights come in. */
  public enum Dtype {
    F32(Float.BYTES),
    F16(Short.BYTES),
    BF16(Short.BYTES);

    private final int bytes;

    Dtype(int bytes) {
      this.bytes = bytes;
    }

    /** What one value takes in a file. */
    public int bytes() {
      return bytes;
    }
  }

  /**
   * One tensor.
   *
   * @param shape sizes, outermost first; empty for a scalar
   * @param values little-endian float32 from position to limit, row-major; may be read-only (a view
   *     of the file)
   */
  public record Tensor(String name, long[] shape, ByteBuffer values) implements NamedShape {

    public Tensor {
      long expected = Math.multiplyExact(elements(shape), (long) Float.BYTES);
      if (values.remaining() != expected) {
        throw new IllegalArgumentException(
            name + ": " + values.remaining() + " bytes (expected: " + expected + ")");
      }
    }

    /** A tensor of {@code values}, row-major. */
    public static Tensor of(String name, long[] shape, float... values) {
      var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values);
      return new Tensor(name, shape, bytes);
    }

    /** A little-endian view that leaves the position of {@link #values} alone. */
    @Override
    public ByteBuffer values() {
      return values.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** A copy of the values. */
    public float[] floats() {
      var floats = new float[values.remaining() / Float.BYTES];
      values().asFloatBuffer().get(floats);
      return floats;
    }

    public TensorStream stream() {
      return new TensorStream(name, shape, Dtype.F32, reader -> reader.accept(0, values()));
    }

    private static long elements(long[] shape) {
      long elements = 1;
      for (long size : shape) {
        elements = Math.multiplyExact(elements, size);
      }
      return elements;
    }
  }

  private SafeTensors() {}

  /**
   * The floating-point tensors of {@code file} in the order of their values, as float32. Integer
   * and boolean tensors (masks, position numbers) are checked and left out.
   *
   * @throws ModelFormatException if the file is not a whole, consistent safetensors file, or has a
   *     tensor of more than 2 GiB as float32
   */
  public static List<Tensor> read(Path file) {
    try (var tensors = TensorFile.open(file)) {
      return tensors.streams().stream().map(stream -> collect(file, stream)).toList();
    }
  }

  private static Tensor collect(Path file, TensorStream stream) {
    var wide = stream.as(Dtype.F32);
    if (wide.bytes() > Integer.MAX_VALUE) {
      throw ModelFormatException.of(
          file, "tensor " + wide.name(), wide.bytes() + " bytes as float32", "fewer than 2³¹");
    }
    var values = ByteBuffer.allocate((int) wide.bytes());
    wide.eachChunk((offset, chunk) -> values.put(chunk));
    return new Tensor(wide.name(), wide.shape(), values.flip());
  }

  /**
   * Writes {@code tensors} in their order; the file appears whole or not at all.
   *
   * @param dtype what the values are stored as, rounded to nearest even
   */
  public static void write(Path file, List<Tensor> tensors, Dtype dtype) {
    write(file, Map.of(), tensors.stream().map(tensor -> tensor.stream().as(dtype)).toList());
  }

  /** Writes tensors as they come; the file appears whole or not at all. */
  public static void write(Path file, Map<String, String> metadata, List<TensorStream> tensors) {
    try {
      Files.move(
          writeUnfinished(file, metadata, tensors), file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  /**
   * Writes a file under another name beside its own; if that fails, nothing is left of it.
   *
   * @return that name
   */
  static Path writeUnfinished(Path file, Map<String, String> metadata, List<TensorStream> tensors) {
    var unfinished = file.resolveSibling(file.getFileName() + ".part");
    // PyTorch views a tensor in place, which it refuses at an odd multiple of its values' size.
    var widestFirst = new ArrayList<>(tensors);
    widestFirst.sort(Comparator.comparingInt((TensorStream tensor) -> -tensor.dtype().bytes()));
    try (var channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, SafeTensorsHeader.encode(metadata, widestFirst));
      for (var tensor : widestFirst) {
        write(channel, tensor);
      }
      return unfinished;
    } catch (IOException e) {
      delete(unfinished, e);
      throw new UncheckedIOException("writing " + unfinished, e);
    } catch (RuntimeException e) {
      delete(unfinished, e);
      throw e;
    }
  }

  /** Takes away what a failure left. */
  static void delete(Path unfinished, Exception failure) {
    try {
      Files.deleteIfExists(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void write(FileChannel channel, TensorStream tensor) throws IOException {
    long start = channel.position();
    tensor.eachChunk(
        (offset, chunk) -> {
          try {
            if (channel.position() != start + offset) {
              throw new IllegalStateException(
                  "tensor %s: offset %d (expected: %d, where the chunk before ended)"
                      .formatted(tensor.name(), offset, channel.position() - start));
            }
            writeFully(channel, chunk);
          } catch (IOException e) {
            throw new UncheckedIOException("writing tensor " + tensor.name(), e);
          }
        });
    long written = channel.position() - start;
    if (written != tensor.bytes()) {
      throw new IllegalStateException(
          "tensor %s: %d bytes (expected: %d)".formatted(tensor.name(), written, tensor.bytes()));
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
