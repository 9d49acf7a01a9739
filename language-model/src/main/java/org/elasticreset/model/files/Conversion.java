package org.elasticreset.model.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.elasticreset.model.files.SafeTensors.Dtype;

/**
 * Between float32 and the types of two bytes, chunk by chunk, in one buffer.
 *
 * <p>Eight bytes of the narrow type at a time: the compiler of Java 17 makes no vectors of loops
 * between types of different sizes.
 */
final class Conversion {

  private static final int NARROW = Short.BYTES;
  private static final long LOW = 0xffffL;
  private static final long BOTH = 0x0000_0001_0000_0001L;

  private final Dtype from;
  private final Dtype to;
  private ByteBuffer converted = ByteBuffer.allocate(0);

  /** One of the two is float32. */
  Conversion(Dtype from, Dtype to) {
    if ((from == Dtype.F32) == (to == Dtype.F32)) {
      throw new IllegalArgumentException(from + " to " + to + " (expected: F32 on one side)");
    }
    this.from = from;
    this.to = to;
  }

  /**
   * Converts what remains of a chunk.
   *
   * @return from position 0, valid until the next call
   */
  ByteBuffer convert(ByteBuffer chunk) {
    var source = chunk.slice().order(ByteOrder.LITTLE_ENDIAN);
    int values = source.remaining() / from.bytes();
    int bytes = Math.multiplyExact(values, to.bytes());
    if (converted.capacity() < bytes) {
      converted = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    converted.clear().limit(bytes);
    if (to == Dtype.F32) {
      widen(source, values);
    } else {
      narrow(source, values);
    }
    return converted;
  }

  private void widen(ByteBuffer source, int values) {
    int done = from == Dtype.F16 ? widenHalves(source, values) : widenBfloat16(source, values);
    for (int i = done; i < values; i++) {
      short value = source.getShort(i * NARROW);
      converted.putInt(i * Float.BYTES, from == Dtype.F16 ? Half.widen(value) : value << 16);
    }
  }

  private int widenBfloat16(ByteBuffer source, int values) {
    int whole = values & -4;
    for (int i = 0; i < whole; i += 4) {
      long four = source.getLong(i * NARROW);
      int at = i * Float.BYTES;
      converted.putLong(at, (four & LOW) << 16 | (four & LOW << 16) << 32);
      converted.putLong(at + Long.BYTES, (four >>> 32 & LOW) << 16 | four >>> 48 << 48);
    }
    return whole;
  }

  private int widenHalves(ByteBuffer source, int values) {
    int[] wide = Half.WIDE;
    int whole = values & -4;
    for (int i = 0; i < whole; i += 4) {
      long four = source.getLong(i * NARROW);
      int at = i * Float.BYTES;
      converted.putInt(at, wide[(int) (four & LOW)]);
      converted.putInt(at + 4, wide[(int) (four >>> 16 & LOW)]);
      converted.putInt(at + 8, wide[(int) (four >>> 32 & LOW)]);
      converted.putInt(at + 12, wide[(int) (four >>> 48)]);
    }
    return whole;
  }

  private void narrow(ByteBuffer source, int values) {
    int done = to == Dtype.BF16 ? narrowToBfloat16(source, values) : 0;
    for (int i = done; i < values; i++) {
      converted.putShort(i * NARROW, narrow(source.getInt(i * Float.BYTES)));
    }
  }

  private short narrow(int bits) {
    return to == Dtype.F16 ? Half.narrow(bits) : Half.narrowToBfloat16(bits);
  }

  /** Two values in a long at a time; sums stay in their halves unless there is a NaN. */
  private int narrowToBfloat16(ByteBuffer source, int values) {
    int whole = values & -4;
    for (int i = 0; i < whole; i += 4) {
      long first = source.getLong(i * Float.BYTES);
      long second = source.getLong(i * Float.BYTES + Long.BYTES);
      if (hasNaN(first) || hasNaN(second)) {
        for (int j = i; j < i + 4; j++) {
          converted.putShort(j * NARROW, Half.narrowToBfloat16(source.getInt(j * Float.BYTES)));
        }
      } else {
        converted.putLong(i * NARROW, rounded(first) | rounded(second) << 32);
      }
    }
    return whole;
  }

  private static boolean hasNaN(long two) {
    return ((two & BOTH * 0x7fffffff) + BOTH * 0x7fffff & BOTH << 31) != 0;
  }

  /** The upper halves of two float32, to nearest even, in the lower 32 bits. */
  private static long rounded(long two) {
    long sums = two + BOTH * 0x7fff + (two >>> 16 & BOTH);
    return sums >>> 16 & LOW | sums >>> 32 & LOW << 16;
  }
}
