package org.elasticreset.ema.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.Untrusted;

/**
 * Who has which key, as the file said at the start. It has digests only: whoever reads it cannot
 * come in. A key is 32 random bytes or more, so that nothing slower than SHA-256 is needed.
 */
record OperatorKeys(List<Holder> holders) {

  private static final String OPERATOR = "operator";

  record Holder(String name, byte[] digest) {}

  /**
   * Reads the file. Lines of raters, who may be in the same one, are left out.
   *
   * @throws IllegalArgumentException naming the line that cannot be used, but not repeating it: it
   *     may have a key in it, by mistake
   */
  static OperatorKeys read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "ema.console.keys: %s (expected: a text file; %s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    var holders = new ArrayList<Holder>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\s+");
      boolean right =
          parts.length == 3
              && parts[0].equals(Untrusted.shown(parts[0]))
              && parts[1].matches("rater|operator")
              && parts[2].matches("[0-9a-fA-F]{64}");
      if (!right) {
        throw new IllegalArgumentException(
            "ema.console.keys: line %d of %s (expected: NAME operator SHA256-OF-THE-KEY-IN-HEX)"
                .formatted(i + 1, file));
      }
      if (parts[1].equals(OPERATOR)) {
        holders.add(new Holder(parts[0], HexFormat.of().parseHex(parts[2])));
      }
    }
    return new OperatorKeys(List.copyOf(holders));
  }

  /** Whose key this is. All digests are compared, each in constant time. */
  Optional<String> holder(String key) {
    byte[] digest = digest(key);
    Optional<String> found = Optional.empty();
    for (Holder holder : holders) {
      if (MessageDigest.isEqual(holder.digest(), digest)) {
        found = Optional.of(holder.name());
      }
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
