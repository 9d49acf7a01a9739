package org.elasticreset.adversary;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;

/**
 * Bytes that pretend to be a protobuf message: random ones, and valid ones after one to four
 * mutations that a parser's author may have forgotten. The same seed gives the same bytes.
 */
public final class HostileBytes {

  private static final int MAX_RANDOM_BYTES = 300;
  private static final int MAX_DEPTH = 20_000;
  private static final int MAX_REPEATS = 2_000;
  private static final int START_GROUP = 3;
  private static final int LENGTH_DELIMITED = 2;

  private final Random random;

  private HostileBytes(Random random) {
    this.random = random;
  }

  /** Random bytes. */
  public static byte[] random(long seed) {
    var random = new Random(seed);
    return bytes(random, random.nextInt(MAX_RANDOM_BYTES));
  }

  /** A spoiled copy of a valid message; sometimes it is still one. */
  public static byte[] mutated(byte[] valid, long seed) {
    var hostile = new HostileBytes(new Random(seed));
    byte[] bytes = valid;
    for (int left = 1 + hostile.random.nextInt(4); left > 0; left--) {
      bytes = hostile.mutate(bytes);
    }
    return bytes;
  }

  private byte[] mutate(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    return switch (random.nextInt(9)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> inserted(bytes, at, bytes(random, random.nextInt(20)));
      case 3 -> inserted(bytes, at, slice(bytes));
      case 4 -> inserted(bytes, at, field(LENGTH_DELIMITED, hugeNumber()));
      case 5 -> inserted(bytes, at, hugeNumber());
      case 6 -> inserted(bytes, at, repeated(field(START_GROUP), MAX_DEPTH));
      case 7 -> inserted(bytes, at, repeated(field(LENGTH_DELIMITED, new byte[] {0}), MAX_REPEATS));
      default -> without(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int left = random.nextInt(5); left >= 0 && bytes.length > 0; left--) {
      flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private byte[] slice(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    return Arrays.copyOfRange(bytes, from, from + random.nextInt(bytes.length - from + 1));
  }

  private byte[] without(byte[] bytes, int at) {
    int until = at + random.nextInt(bytes.length - at + 1);
    return joined(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, until, bytes.length));
  }

  /** A tag of one of the first fifteen fields, and what follows it. */
  private byte[] field(int wireType, byte[]... contents) {
    byte[] tag = {(byte) ((1 + random.nextInt(15)) << 3 | wireType)};
    return joined(tag, joined(contents));
  }

  /** A variable-length integer of 28 to 70 bits, which no message has room for. */
  private byte[] hugeNumber() {
    byte[] number = bytes(random, 4 + random.nextInt(7));
    for (int i = 0; i < number.length; i++) {
      number[i] |= (byte) 0x80;
    }
    number[number.length - 1] &= 0x7f;
    return number;
  }

  private byte[] repeated(byte[] bytes, int most) {
    byte[][] copies = new byte[random.nextInt(most)][];
    Arrays.fill(copies, bytes);
    return joined(copies);
  }

  private static byte[] inserted(byte[] bytes, int at, byte[] more) {
    return joined(Arrays.copyOf(bytes, at), more, Arrays.copyOfRange(bytes, at, bytes.length));
  }

  private static byte[] joined(byte[]... parts) {
    var joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
