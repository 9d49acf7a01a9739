package org.elasticreset.reward.raters.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What is drawn, and comes out the same whenever and wherever it is drawn again: by a hash. */
final class Draw {

  private static final int NAME_BYTES = 15;

  private Draw() {}

  /** Indices of a request's candidates in the order to show them to a rater. */
  static List<Integer> order(String raterId, String requestId, int candidates) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, candidates).boxed().toList());
    Collections.shuffle(order, new Random(number("order", raterId, requestId)));
    return List.copyOf(order);
  }

  /** A name that does not say what it is a name of: 20 letters, digits, '-' and '_'. */
  static String name(String runId, String requestId) {
    byte[] digest = digest("name", runId, requestId);
    return Base64.getUrlEncoder()
        .encodeToString(ByteBuffer.allocate(NAME_BYTES).put(digest, 0, NAME_BYTES).array());
  }

  /** In [0, 1). */
  static double share(String raterId, long count) {
    return (number("share", raterId, String.valueOf(count)) >>> 11) * 0x1.0p-53;
  }

  /** Any number. */
  static long number(String what, String one, String other) {
    return ByteBuffer.wrap(digest(what, one, other)).getLong();
  }

  private static byte[] digest(String what, String one, String other) {
    try {
      // Lengths, so that no two pairs are one text.
      String text = what + ' ' + one.length() + ' ' + one + other;
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
