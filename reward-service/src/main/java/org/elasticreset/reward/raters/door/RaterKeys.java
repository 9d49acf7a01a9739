package org.elasticreset.reward.raters.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.Untrusted;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Who has which key. The file has digests only: whoever reads it cannot come in. A key is 24 random
 * bytes or more, so that nothing slower than SHA-256 is needed to guard it.
 */
public final class RaterKeys implements AutoCloseable {

  /** What a caller may do. */
  public static final Set<String> ROLES = Set.of("rater", "operator");

  /** Of the ema-service's console, whose keys may be in the same file: nobody here. */
  private static final String VIEWER = "viewer";

  /**
   * Whoever showed a key.
   *
   * @param role one of {@link #ROLES}
   */
  public record Caller(String name, String role) {}

  private record Entry(Caller caller, byte[] digest) {}

  private static final Logger LOG = Logger.getLogger(RaterKeys.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Optional<Path> file;
  private volatile List<Entry> entries = List.of();
  private @Nullable FileTime read;
  private @Nullable ScheduledExecutorService watch;

  /**
   * Reads the file.
   *
   * @param file absent: nobody has a key
   * @throws IllegalArgumentException naming the line that cannot be used
   */
  public RaterKeys(Optional<Path> file) {
    this.file = file;
    if (file.isPresent()) {
      read = written(file.get());
      entries = entries(file.get());
    }
  }

  /** Looks after the file from now on, beside whoever asks, who may be an event loop. */
  public synchronized RaterKeys watched() {
    if (file.isPresent() && watch == null) {
      watch = Executors.newSingleThreadScheduledExecutor(RaterKeys::thread);
      watch.scheduleWithFixedDelay(
          this::refresh, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
    return this;
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "rater-keys");
    thread.setDaemon(true);
    return thread;
  }

  /** Whose key this is. All digests are compared, each in constant time. */
  public Optional<Caller> caller(String key) {
    byte[] digest = digest(key);
    Optional<Caller> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.digest(), digest)) {
        found = Optional.of(entry.caller());
      }
    }
    return found;
  }

  /** Reads the file again if it changed; one that cannot be used leaves the old keys. */
  synchronized void refresh() {
    if (file.isEmpty()) {
      return;
    }
    @Nullable FileTime written = written(file.get());
    if (written != null && !written.equals(read)) {
      read = written;
      try {
        entries = entries(file.get());
        LOG.infof("keys read again file=%s keys=%d", file.get(), entries.size());
      } catch (RuntimeException e) {
        LOG.warnf("keys not read again, the old ones stay reason=\"%s\"", e.getMessage());
      }
    }
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.shutdownNow();
    }
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
          "reward.raters.keys: %s (expected: a text file; %s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        entry(file, i + 1, line).ifPresent(entries::add);
      }
    }
    return List.copyOf(entries);
  }

  /** The message does not repeat the line: it may have a key in it, by mistake. */
  private static Optional<Entry> entry(Path file, int number, String line) {
    String[] parts = line.split("\\s+");
    boolean right =
        parts.length == 3
            && parts[0].length() <= 200
            && parts[0].equals(Untrusted.shown(parts[0]))
            && (ROLES.contains(parts[1]) || parts[1].equals(VIEWER))
            && parts[2].matches("[0-9a-fA-F]{64}");
    if (!right) {
      throw new IllegalArgumentException(
          "reward.raters.keys: line %d of %s (expected: NAME rater|operator SHA256-OF-THE-KEY-IN-HEX)"
              .formatted(number, file));
    }
    return parts[1].equals(VIEWER)
        ? Optional.empty()
        : Optional.of(new Entry(new Caller(parts[0], parts[1]), HexFormat.of().parseHex(parts[2])));
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
