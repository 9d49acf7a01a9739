package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.elasticreset.checkpoint.Sha256;

/**
 * What a policy is known by, in answers of {@code ab}, on the record and in {@code promotion.json}:
 * the files of its directory, and so weights, settings, tokenizer and chat template. A promoted
 * copy has the digest of what it is a copy of.
 *
 * @param files SHA-256 of each file, in hex, by its name
 */
record PolicyDigest(SortedMap<String, String> files) {
  /** What a promoted directory has besides its policy. */
  static final String NOTE = "promotion.json";

  static PolicyDigest of(Path directory) {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(path.getFileName().toString(), Sha256.of(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.remove(NOTE);
    return new PolicyDigest(files);
  }

  /** SHA-256 in hex of the lines that {@code sha256sum} prints of the files, by name. */
  String sha256() {
    StringBuilder lines = new StringBuilder();
    files.forEach((file, digest) -> lines.append(digest).append("  ").append(file).append('\n'));
    return Sha256.of(lines.toString());
  }
}
