package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file {@code SHA256SUMS} of a folder, in the format of the command of that name. */
public final class Sha256Sums {

  /** Its name. */
  public static final String FILE = "SHA256SUMS";

  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^/]+)");

  private Sha256Sums() {}

  /** Writes the digests of all files that are there. */
  public static void write(Path folder) throws IOException {
    write(folder, digests(folder));
  }

  /** Writes digests, by the names of their files. */
  static void write(Path folder, SortedMap<String, String> digests) throws IOException {
    StringBuilder lines = new StringBuilder();
    digests.forEach((file, digest) -> lines.append(digest).append("  ").append(file).append('\n'));
    Files.writeString(folder.resolve(FILE), lines);
  }

  /**
   * Compares what is there with what was written.
   *
   * @throws DamagedCheckpointException naming the file that is missing, another or too many
   */
  public static void check(Path checkpoint) throws DamagedCheckpointException, IOException {
    Map<String, String> expected = read(checkpoint);
    SortedMap<String, String> actual = digests(checkpoint);
    for (var file : expected.entrySet()) {
      String digest = actual.remove(file.getKey());
      if (digest == null) {
        throw damaged(checkpoint, file.getKey(), "is missing");
      }
      if (!digest.equals(file.getValue())) {
        throw damaged(
            checkpoint,
            file.getKey(),
            "has digest " + digest + " (expected: " + file.getValue() + ")");
      }
    }
    if (!actual.isEmpty()) {
      throw damaged(checkpoint, actual.firstKey(), "was added later");
    }
  }

  private static Map<String, String> read(Path checkpoint)
      throws DamagedCheckpointException, IOException {
    if (!Files.isRegularFile(checkpoint.resolve(FILE))) {
      throw damaged(checkpoint, FILE, "is missing");
    }
    String text = Files.readString(checkpoint.resolve(FILE), StandardCharsets.ISO_8859_1);
    Map<String, String> digests = new TreeMap<>();
    for (String line : text.split("\n", -1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        digests.put(matcher.group(2), matcher.group(1));
      } else if (!line.isEmpty()) {
        throw damaged(checkpoint, FILE, "has a line that is no digest and file: " + line);
      }
    }
    if (digests.isEmpty() || !text.endsWith("\n")) {
      throw damaged(checkpoint, FILE, "is cut short");
    }
    return digests;
  }

  private static SortedMap<String, String> digests(Path folder) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    addDigests(folder, digests);
    return digests;
  }

  /** Adds those of files that have none. */
  static void addDigests(Path folder, SortedMap<String, String> digests) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.equals(FILE) && !digests.containsKey(name)) {
          digests.put(name, Sha256.of(file));
        }
      }
    }
  }

  private static DamagedCheckpointException damaged(Path checkpoint, String file, String what) {
    return new DamagedCheckpointException(checkpoint.resolve(file) + " " + what);
  }
}
