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
import java.util.List;
import java.util.Map;

/**
 * Files of named tensors: 8 bytes of header length, a JSON header, the values one after another.
 *
 * <p>Reading maps the file into memory, so a float32 model is not copied; half precision is
 * widened, all of it at once ({@link TensorFile} takes the tensors that a model wants, a chunk at a
 * time). A header of more than 100 MB or 500 thousand JSON tokens is refused. A header that lies is
 * refused with file, tensor and offset before a value is touched.
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
  }

  /**
   * One tensor.
   *
   * @param shape sizes, outermost first; empty for a scalar
   * @param values little-endian float32 from position to limit, row-major; may be read-only (a view
   *     of the mapped file)
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
   * The floating-point tensors of {@code file} in the order of their values. Integer and boolean
   * tensors (masks, position numbers) are checked and left out.
   *
   * @throws ModelFormatException if the file is not a whole, consistent safetensors file
   */
  public static List<Tensor> read(Path file) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var header = SafeTensorsHeader.read(file, channel);
      var tensors = new ArrayList<Tensor>();
      for (var entry : header.entries()) {
        if (entry.dtype().isPresent()) {
          tensors.add(map(channel, header, entry, entry.dtype().get()));
        }
      }
      return tensors;
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "no such file (expected: weights as safetensors)");
    } catch (IOException e) {
      throw new ModelFormatException(file, "cannot be read: " + e, e);
    }
  }

  private static Tensor map(
      FileChannel channel, SafeTensorsHeader header, SafeTensorsHeader.Entry entry, Dtype dtype)
      throws IOException {
    var mapped =
        channel
            .map(FileChannel.MapMode.READ_ONLY, header.dataStart() + entry.begin(), entry.bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(entry.name(), entry.shape(), widen(mapped, dtype));
  }

  /** The values of a little-endian buffer as float32; float32 itself is not copied. */
  static ByteBuffer widen(ByteBuffer stored, Dtype dtype) {
    if (dtype == Dtype.F32) {
      return stored;
    }
    int elements = stored.remaining() / dtype.bytes;
    var wide =
        ByteBuffer.allocate(Math.multiplyExact(elements, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      short half = stored.getShort(stored.position() + i * Short.BYTES);
      wide.putInt(i * Float.BYTES, dtype == Dtype.F16 ? Half.widen(half) : half << 16);
    }
    return wide;
  }

  /**
   * Writes {@code tensors} in their order; the file appears whole or not at all.
   *
   * @param dtype what the values are stored as, rounded to nearest even
   */
  public static void write(Path file, List<Tensor> tensors, Dtype dtype) {
    var temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (var channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeFully(channel, SafeTensorsHeader.encode(Map.of(), tensors, dtype));
        for (var tensor : tensors) {
          writeFully(channel, dtype == Dtype.F32 ? tensor.values() : narrow(tensor, dtype));
        }
      }
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  private static ByteBuffer narrow(Tensor tensor, Dtype dtype) {
    var values = tensor.values();
    int elements = values.remaining() / Float.BYTES;
    var narrow = ByteBuffer.allocate(elements * dtype.bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < elements; i++) {
      int bits = values.getInt(i * Float.BYTES);
      narrow.putShort(dtype == Dtype.F16 ? Half.narrow(bits) : Half.narrowToBfloat16(bits));
    }
    return narrow.flip();
  }

  static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Bytes one value of {@code dtype} takes in a file. */
  static int bytes(Dtype dtype) {
    return dtype.bytes;
  }
}
