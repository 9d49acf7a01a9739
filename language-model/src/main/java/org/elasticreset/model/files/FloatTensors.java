package org.elasticreset.model.files;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Named tensors in a fixed order, wherever they are held, read and written as one sequence of
 * float32 bytes: the tensors one after the other, little-endian.
 */
public interface FloatTensors {

  /** Names and sizes, in the order of the bytes. */
  List<TensorShape> tensors();

  /**
   * Copies bytes out.
   *
   * @param offset in bytes, a multiple of 4
   * @param length in bytes, a multiple of 4
   * @return a little-endian buffer of its own, from position 0 to {@code length}
   */
  ByteBuffer read(long offset, int length);

  /**
   * Copies the remaining bytes in, little-endian floats.
   *
   * @param offset in bytes, a multiple of 4
   */
  void write(long offset, ByteBuffer bytes);

  /** The first tensor with a value that is infinite or not a number. */
  Optional<String> firstNotFinite();
}
