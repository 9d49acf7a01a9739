package org.elasticreset.ema.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.Untrusted;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who has which key, as the file says within a second of a change. It has digests only: whoever
 * reads it cannot come in. A key is 32 random bytes or more, so that nothing slower than SHA-256 is
 * needed.
 */
final class ConsoleKeys {

  /** Whose key it is, and whether they may act, or look only. */
  record Holder(String name, boolean operator) {}

  private record Entry(Holder holder, byte[] digest) {}

  private static final Logger LOG = Logger.getLogger(ConsoleKeys.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Path file;
  private final Clock clock;
  private List<Entry> entries;
  private @Nullable FileTime read;
  private Instant looked;

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException naming the line that cannot be used, but not repeating it: it
   *     may have a key in it, by mistake
   */
  ConsoleKeys(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    read = written(file);
    entries = entries(file);
    looked = clock.instant();
  }

  /** Whose key this is. All digests are compared, each in constant time. */
  Optional<Holder> holder(String key) {
    byte[] digest = digest(key);
    Optional<Holder> found = Optional.empty();
    for (Entry entry : current()) {
      if (MessageDigest.isEqual(entry.digest(), digest)) {
        found = Optional.of(entry.holder());
      }
    }
    return found;
  }

  /** A file that cannot be used leaves the old keys, with a word in the log. */
  private synchronized List<Entry> current() {
    Instant now = clock.instant();
    if (looked.plus(LOOK_EVERY).isAfter(now)) {
      return entries;
    }
    looked = now;
    @Nullable FileTime written = written(file);
    if (written == null && read != null) {
      LOG.warnf("keys are gone, the old ones stay file=%s", file);
      read = null;
    } else if (written != null && !written.equals(read)) {
      read = written;
      try {
        entries = entries(file);
        LOG.infof("keys read again file=%s keys=%d", file, entries.size());
      } catch (IllegalArgumentException e) {
        LOG.warnf("keys not read again, the old ones stay reason=\"%s\"", e.getMessage());
      }
    }
    return entries;
  }

  private static @Nullable FileTime written(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null;
    }
  }

  private static List<Entry> entries(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "ema.console.keys: %s (expected: a text file; %s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        entry(file, i + 1, line).ifPresent(entries::add);
      }
    }
    return List.copyOf(entries);
  }

  /** Nothing of a rater, who may be in the same file. */
  private static Optional<Entry> entry(Path file, int number, String line) {
    String[] parts = line.split("\\s+");
    boolean right =
        parts.length == 3
            && parts[0].length() <= 200
            && parts[0].equals(Untrusted.shown(parts[0]))
            && parts[1].matches("rater|viewer|operator")
            && parts[2].matches("[0-9a-fA-F]{64}");
    if (!right) {
      throw new IllegalArgumentException(
          "ema.console.keys: line %d of %s (expected: NAME viewer|operator SHA256-OF-THE-KEY-IN-HEX)"
              .formatted(number, file));
    }
    return parts[1].equals("rater")
        ? Optional.empty()
        : Optional.of(
            new Entry(
                new Holder(parts[0], parts[1].equals("operator")),
                HexFormat.of().parseHex(parts[2])));
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
