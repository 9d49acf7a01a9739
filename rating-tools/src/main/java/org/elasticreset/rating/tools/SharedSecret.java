package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A secret in a header, for a sender that does not sign, as Label Studio. It proves who sends and
 * not what is sent: over anything but TLS it is worth nothing.
 */
public final class SharedSecret {

  private static final int SHORTEST = 24;

  private final List<byte[]> secrets;

  /**
   * Takes any of these, so that a secret can be changed while the sender still has the old one.
   *
   * @param secrets of at least 24 characters each; at least one
   * @throws IllegalArgumentException if one is shorter; it is not repeated
   */
  public SharedSecret(List<String> secrets) {
    if (secrets.isEmpty()) {
      throw new IllegalArgumentException("secrets: none (expected: at least one)");
    }
    for (String secret : secrets) {
      if (secret.length() < SHORTEST) {
        throw new IllegalArgumentException(
            "secret: %d characters (expected: at least %d, drawn at random)"
                .formatted(secret.length(), SHORTEST));
      }
    }
    this.secrets = secrets.stream().map(secret -> secret.getBytes(UTF_8)).toList();
  }

  /** Whether the header has one of them; compared in constant time. */
  public boolean isIn(@Nullable String header) {
    byte[] given = header == null ? new byte[0] : header.getBytes(UTF_8);
    boolean found = false;
    for (byte[] secret : secrets) {
      found |= MessageDigest.isEqual(secret, given);
    }
    return found;
  }
}
