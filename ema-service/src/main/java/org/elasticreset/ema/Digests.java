package org.elasticreset.ema;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which the contract identifies weights by. */
final class Digests {

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
