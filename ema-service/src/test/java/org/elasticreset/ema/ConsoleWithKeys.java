package org.elasticreset.ema;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** As {@link ConsoleOn}, for all addresses, and a file says who has a key. */
public final class ConsoleWithKeys implements QuarkusTestProfile {

  /** Ada's, who is an operator. */
  static final String KEY = "secret";

  /** Eve's, who is a viewer. */
  static final String EVES_KEY = "another secret";

  private static final Path FILE = file();

  private static int writings;

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(ConsoleOn.Run.class));
  }

  @Override
  public boolean disableGlobalTestResources() {
    return true;
  }

  @Override
  public Map<String, String> getConfigOverrides() {
    write(everybody());
    return Map.of("ema.console.keys", FILE.toString());
  }

  static List<String> everybody() {
    return List.of(line("ada", "operator", KEY), line("eve", "viewer", EVES_KEY));
  }

  static String line(String name, String role, String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return name + " " + role + " " + HexFormat.of().formatHex(digest);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Each writing has a time of its own, however fast they follow one another. */
  static void write(List<String> lines) {
    try {
      Files.write(FILE, lines);
      Files.setLastModifiedTime(
          FILE, FileTime.from(Instant.ofEpochSecond(1_700_000_000 + writings++)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file() {
    try {
      Path file = Files.createTempFile("console", ".keys");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
