package org.elasticreset.cli.ab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.elasticreset.checkpoint.Sha256;

/**
 * Which arm a prompt belongs to: its key's place between 0 and 1, by a hash that the experiment's
 * name salts, is below B's share or not. The same key always has the same place, so whoever was in
 * B stays there when the share grows; another experiment mixes anew.
 *
 * @param experiment its name
 */
public record Split(String experiment) {
  private static final double TWO_TO_53 = 0x1p53;

  /** B if the key's place is below B's share. */
  public Arm arm(String key, double share) {
    return place(key) < share ? Arm.B : Arm.A;
  }

  /** 0 (included) to 1 (excluded): 53 bits of SHA-256 of name and key. */
  public double place(String key) {
    MessageDigest digest = Sha256.begin();
    digest.update((experiment + "\n" + key).getBytes(StandardCharsets.UTF_8));
    return (ByteBuffer.wrap(digest.digest()).getLong() >>> 11) / TWO_TO_53;
  }
}
