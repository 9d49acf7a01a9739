package org.elasticreset.reward.learned;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.checkpoint.Sha256Sums;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RewardModelVersion;

/**
 * Where versions lie: a folder each, whole or absent, with its digests. Every folder has a name of
 * its own, so that one who trained and was replaced meanwhile writes over nobody's version.
 *
 * @param directory that all instances see
 */
record VersionFolders(Path directory) {

  private static final Pattern NAME = Pattern.compile("version-[0-9]{8,18}-[0-9a-f]{16}");
  private static final Pattern NUMBERED = Pattern.compile("(?:version|training)-([0-9]{8,18})-.*");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** An empty folder to train in, which becomes the version or is deleted. */
  Path scratch(long version) throws IOException {
    Files.createDirectories(directory);
    Path above = Files.createTempDirectory(directory, "training-%08d-".formatted(version));
    return Files.createDirectory(above.resolve("version-%08d".formatted(version)));
  }

  /**
   * Makes a version of what was trained.
   *
   * @return the name of its folder
   * @throws IOException if it could not be made durable; then it is absent
   */
  String place(long version, Path scratch) throws IOException {
    String name = "version-%08d-%016x".formatted(version, RANDOM.nextLong());
    DurableFiles.place(
        directory.resolve(name),
        unfinished -> {
          for (Path file : list(scratch)) {
            Files.move(file, unfinished.resolve(file.getFileName()));
          }
          Sha256Sums.write(unfinished);
        });
    discard(scratch);
    return name;
  }

  /** Deletes a scratch folder. */
  void discard(Path scratch) throws IOException {
    DurableFiles.delete(directory.resolve(directory.relativize(scratch).getName(0)));
  }

  /** SHA-256 of the digests of a version, in hex. */
  String digest(String name) throws IOException {
    return Sha256.of(directory.resolve(name).resolve(Sha256Sums.FILE));
  }

  /**
   * The folder of an announced version, all of whose files have the digests they were written with.
   *
   * @throws DamagedCheckpointException if it is absent, torn, edited or another
   */
  Path verified(RewardModelVersion version) throws DamagedCheckpointException, IOException {
    String name = version.getDirectory();
    if (!NAME.matcher(name).matches()) {
      throw new DamagedCheckpointException(
          "directory: %s (expected: version-NUMBER-HEX)".formatted(Untrusted.shown(name)));
    }
    Path folder = directory.resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new DamagedCheckpointException(
          folder + ": no such folder (expected: reward.raters.learn.directory of all instances)");
    }
    Sha256Sums.check(folder);
    if (!digest(name).equals(version.getDigest())) {
      throw new DamagedCheckpointException(
          "%s: digest %s (expected: %s, as announced)"
              .formatted(folder, digest(name), Untrusted.shown(version.getDigest())));
    }
    return folder;
  }

  /**
   * Deletes all but these of the versions up to a number, and what trainings of theirs left behind.
   * Whoever was replaced as the one who trains, without knowing, has heard of no higher number and
   * so deletes nothing of its successor.
   */
  void keepOnly(Set<String> names, long upTo) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    for (Path path : list(directory)) {
      String name = path.getFileName().toString();
      var numbered = NUMBERED.matcher(name);
      if (!names.contains(name)
          && numbered.matches()
          && Long.parseLong(numbered.group(1)) <= upTo) {
        DurableFiles.delete(path);
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var paths = Files.list(folder)) {
      return paths.toList();
    }
  }
}
