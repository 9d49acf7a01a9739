package org.elasticreset.proto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.checkpoint.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Who has which key, a line each: {@code NAME ROLE SHA256-OF-THE-KEY-IN-HEX}. The file has digests
 * only: whoever reads it cannot come in. A key is 24 random bytes or more, so that nothing slower
 * than SHA-256 is needed to guard it. One file may serve several services, each of which passes
 * over the roles of others.
 */
public final class KeyFile {

  private static final Set<String> ROLES = Set.of("rater", "viewer", "operator");
  private static final int LONGEST_NAME = 200;

  /** Whose key it is. */
  public record Holder(String name, String role) {}

  private record Entry(Holder holder, byte[] digest) {}

  private final String setting;
  private final Path file;
  private final List<String> roles;
  private volatile List<Entry> entries;
  private @Nullable FileTime read;

  /**
   * Reads the file.
   *
   * @param setting that names it, for messages
   * @param roles that count here
   * @throws IllegalArgumentException naming the line that cannot be used, but not repeating it: it
   *     may have a key in it, by mistake
   */
  public KeyFile(String setting, Path file, List<String> roles) {
    this.setting = setting;
    this.file = file;
    this.roles = List.copyOf(roles);
    read = written();
    entries = entries();
  }

  /** Whose key this is. All digests are compared, each in constant time. */
  public Optional<Holder> holder(String key) {
    byte[] digest = Sha256.begin().digest(key.getBytes(UTF_8));
    Optional<Holder> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest(), digest)) {
        found = Optional.of(entry.holder());
      }
    }
    return found;
  }

  /** Keys that count here. */
  public int size() {
    return entries.size();
  }

  /**
   * Reads the file again if it changed. One that cannot be used, or is gone, leaves the old keys.
   *
   * @return whether it was read
   * @throws IllegalArgumentException once, saying why the old keys stay
   */
  public synchronized boolean refresh() {
    @Nullable FileTime before = read;
    read = written();
    if (read == null && before != null) {
      throw new IllegalArgumentException("%s: %s (expected: a file)".formatted(setting, file));
    }
    if (read == null || read.equals(before)) {
      return false;
    }
    entries = entries();
    return true;
  }

  private @Nullable FileTime written() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null;
    }
  }

  private List<Entry> entries() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s (expected: a text file; %s)"
              .formatted(setting, file, e.getClass().getSimpleName()),
          e);
    }
    List<Entry> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        Entry entry = entry(i + 1, line);
        if (roles.contains(entry.holder().role())) {
          found.add(entry);
        }
      }
    }
    return List.copyOf(found);
  }

  private Entry entry(int number, String line) {
    String[] parts = line.split("\\s+");
    boolean right =
        parts.length == 3
            && parts[0].length() <= LONGEST_NAME
            && parts[0].equals(Untrusted.shown(parts[0]))
            && ROLES.contains(parts[1])
            && parts[2].matches("[0-9a-fA-F]{64}");
    if (!right) {
      throw new IllegalArgumentException(
          "%s: line %d of %s (expected: NAME %s SHA256-OF-THE-KEY-IN-HEX)"
              .formatted(setting, number, file, String.join("|", roles)));
    }
    return new Entry(new Holder(parts[0], parts[1]), HexFormat.of().parseHex(parts[2]));
  }
}
