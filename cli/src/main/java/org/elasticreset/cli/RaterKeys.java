package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;

/**
 * Keys of people who rate on this machine. The services are given digests; the keys themselves are
 * in a file that only whoever started the run can read, so that a run that goes on has the same.
 */
final class RaterKeys {

  private static final String RATER = "rater";
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._@-]{0,99}";
  private static final int KEY_BYTES = 24;

  private RaterKeys() {}

  /** Somebody who may come in. */
  record Holder(String name, String role, String key) {

    /** Somebody with a key that nobody can guess. */
    static Holder of(String nameAndRole) {
      String[] parts = nameAndRole.split(":", -1);
      String role = parts.length == 1 ? RATER : parts[1];
      if (parts.length > 2
          || !parts[0].matches(NAME)
          || !(role.equals(RATER) || role.equals("operator"))) {
        throw InvalidInputException.of(
            "raters.names",
            nameAndRole,
            "a name of letters, digits, '.', '_', '@' and '-', and :operator behind it of one who"
                + " may see all raters' records");
      }
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      return new Holder(
          parts[0], role, Base64.getUrlEncoder().withoutPadding().encodeToString(key));
    }

    /** The line of a keys file. */
    String line() {
      return name + " " + role + " " + Sha256.of(key);
    }
  }

  /**
   * The keys of a run: new ones at its beginning, later the same. Whoever the settings name since
   * gets one, and who is no longer named has none.
   */
  static List<Holder> of(RatersConfig raters, RunDirectory run) {
    try {
      List<Holder> known = known(run.raterSecrets());
      List<Holder> holders =
          raters.names().stream().map(name -> same(Holder.of(name), known)).toList();
      if (!holders.equals(known)) {
        Files.write(run.raterKeys(), holders.stream().map(Holder::line).toList());
        writeSecrets(run.raterSecrets(), holders);
      }
      return holders;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Holder same(Holder named, List<Holder> known) {
    return known.stream()
        .filter(k -> k.name().equals(named.name()) && k.role().equals(named.role()))
        .findFirst()
        .orElse(named);
  }

  private static List<Holder> known(Path secrets) throws IOException {
    if (!Files.exists(secrets)) {
      return List.of();
    }
    return Files.readAllLines(secrets).stream()
        .map(line -> line.split(" "))
        .map(parts -> new Holder(parts[0], parts[1], parts[2]))
        .toList();
  }

  private static void writeSecrets(Path file, List<Holder> holders) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(whole);
    Files.createFile(
        whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(
        whole, holders.stream().map(h -> h.name() + " " + h.role() + " " + h.key()).toList());
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
