package org.elasticreset.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A change to the bytes of a file.
 *
 * @param where 0 to 1, from the beginning of the file to its end
 */
record ByteMutation(Kind kind, double where, int value) {

  enum Kind {
    FLIP,
    SET,
    INSERT,
    REMOVE,
    TRUNCATE,
    REPEAT,
    SET_HEADER_LENGTH
  }

  private static final long[] LENGTHS = {
    0, 1, 2, 7, 8, 99_999_999, 100_000_001, 1L << 31, (1L << 31) - 1, -1, Long.MAX_VALUE, -8
  };

  byte[] apply(byte[] file) {
    int at = Math.min(file.length, (int) (where * (file.length + 1)));
    int end = Math.min(file.length, at + 1 + (value & 63));
    switch (kind) {
      case FLIP, SET -> {
        var changed = file.clone();
        if (at < file.length) {
          changed[at] = (byte) (kind == Kind.SET ? value : changed[at] ^ 1 << (value & 7));
        }
        return changed;
      }
      case INSERT -> {
        return joined(file, at, new byte[] {(byte) value}, at);
      }
      case REMOVE -> {
        return joined(file, at, new byte[0], end);
      }
      case TRUNCATE -> {
        return Arrays.copyOf(file, at);
      }
      case REPEAT -> {
        return joined(file, end, Arrays.copyOfRange(file, at, end), end);
      }
      case SET_HEADER_LENGTH -> {
        var changed = Arrays.copyOf(file, Math.max(8, file.length));
        long length = LENGTHS[Math.floorMod(value, LENGTHS.length)];
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return changed;
      }
    }
    throw new IllegalStateException();
  }

  private static byte[] joined(byte[] file, int end, byte[] middle, int from) {
    var joined = ByteBuffer.allocate(end + middle.length + file.length - from);
    joined.put(file, 0, end).put(middle).put(file, from, file.length - from);
    return joined.array();
  }
}
