package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.files.FloatTensors;
import org.elasticreset.model.files.TensorShape;

/**
 * Named tensors in a fixed order, read and written as one sequence of float32 bytes: the tensors
 * one after the other, little-endian. What is stored as bfloat16 is rounded to nearest even when it
 * is written, and exact when it is read.
 *
 * <p>They are views of one flat tensor, so a snapshot is one copy and a chunk may cross tensors.
 * Not synchronized with training: read between steps.
 */
public final class Parameters implements FloatTensors {

  private static final int CHUNK_BYTES = 1 << 20;

  private final List<TensorShape> tensors;
  private final Precision stored;
  private final long count;
  private final NDManager scope;
  private final NDArray flat;
  private final List<NDArray> views;

  /** Zeros in float32, owned by {@code scope}. */
  Parameters(NDManager scope, List<TensorShape> tensors) {
    this(scope, tensors, Precision.FLOAT32);
  }

  /** Zeros, owned by {@code scope}. */
  Parameters(NDManager scope, List<TensorShape> tensors, Precision stored) {
    this.scope = scope;
    this.stored = stored;
    this.tensors = List.copyOf(tensors);
    this.count = tensors.stream().mapToLong(TensorShape::count).reduce(0, Math::addExact);
    this.flat = zeros(scope, count, stored);
    var views = new NDArray[tensors.size()];
    long offset = 0;
    for (int i = 0; i < views.length; i++) {
      var shape = tensors.get(i);
      views[i] = (NDArray) storage().call(scope, "view", flat, offset, shape.shape());
      offset += shape.count();
    }
    this.views = List.of(views);
  }

  private static NDArray zeros(NDManager scope, long count, Precision stored) {
    try (var call = scope.newSubManager()) {
      var onDevice = call.zeros(new Shape(1), DataType.FLOAT32);
      return (NDArray) storage().call(scope, "zeros", onDevice, count, stored.code);
    }
  }

  /** What the values are held as. */
  Precision stored() {
    return stored;
  }

  @Override
  public List<TensorShape> tensors() {
    return tensors;
  }

  /** Four bytes an element, whatever they are stored as. */
  public long totalBytes() {
    return count * Float.BYTES;
  }

  @Override
  public ByteBuffer read(long offset, int length) {
    requireWithin(offset, length);
    var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    try (var call = scope.newSubManager()) {
      var copy =
          (NDArray) storage().call(call, "read", flat, offset / Float.BYTES, length / Float.BYTES);
      bytes.put(copy.toByteBuffer(true)).flip();
    }
    return bytes;
  }

  @Override
  public void write(long offset, ByteBuffer bytes) {
    requireWithin(offset, bytes.remaining());
    var values = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    try (var call = scope.newSubManager()) {
      var source = call.create(values, new Shape(values.remaining()), DataType.FLOAT32);
      storage().call(call, "write", flat, offset / Float.BYTES, source);
    }
  }

  /** A copy of one tensor's values. */
  float[] values(int tensor) {
    var values = new float[Math.toIntExact(tensors.get(tensor).count())];
    read(offset(tensor), values.length * Float.BYTES).asFloatBuffer().get(values);
    return values;
  }

  /** Overwrites one tensor. */
  void setValues(int tensor, float[] values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    write(offset(tensor), bytes);
  }

  private long offset(int tensor) {
    long before = tensors.subList(0, tensor).stream().mapToLong(TensorShape::count).sum();
    return before * Float.BYTES;
  }

  /** SHA-256 of all bytes. */
  public byte[] digest() {
    MessageDigest digest = Sha256.begin();
    for (long offset = 0; offset < totalBytes(); offset += CHUNK_BYTES) {
      digest.update(read(offset, (int) Math.min(CHUNK_BYTES, totalBytes() - offset)));
    }
    return digest.digest();
  }

  /** The tensors, as arguments of a program. */
  List<NDArray> views() {
    return views;
  }

  /** One pass, without a copy. */
  @Override
  public Optional<String> firstNotFinite() {
    try (var call = scope.newSubManager()) {
      if (indexOfNotFinite(call, List.of(flat)) < 0) {
        return Optional.empty();
      }
      return Optional.of(tensors.get(indexOfNotFinite(call, views)).name());
    }
  }

  private static int indexOfNotFinite(NDManager call, List<NDArray> tensors) {
    return Math.toIntExact((long) storage().call(call, "first_not_finite", tensors));
  }

  /** Takes over all values of parameters of the same shapes. */
  public void copyFrom(Parameters source) {
    requireSameShapes(source);
    try (var call = scope.newSubManager()) {
      storage().call(call, "write", flat, 0, source.flat);
    }
  }

  /** Adds all values of parameters of the same shapes, which are zero then. */
  void addAndClear(Parameters other) {
    requireSameShapes(other);
    try (var call = scope.newSubManager()) {
      storage().call(call, "add_and_clear", flat, other.flat);
    }
  }

  private void requireSameShapes(Parameters other) {
    if (!tensors.equals(other.tensors)) {
      throw new IllegalArgumentException("parameters of other shapes: " + other.tensors);
    }
  }

  void clear() {
    try (var call = scope.newSubManager()) {
      storage().call(call, "clear", flat);
    }
  }

  private void requireWithin(long offset, int length) {
    if (offset < 0 || offset % Float.BYTES != 0 || length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "bytes from "
              + offset
              + ", "
              + length
              + " long (expected: multiples of "
              + Float.BYTES
              + ")");
    }
    if (offset + length > totalBytes()) {
      throw new IllegalArgumentException(
          "bytes from "
              + offset
              + ", "
              + length
              + " long (expected: within "
              + totalBytes()
              + " bytes)");
    }
  }

  private static Program storage() {
    return Engine.program("program/scopes.py", "program/storage.py");
  }
}
