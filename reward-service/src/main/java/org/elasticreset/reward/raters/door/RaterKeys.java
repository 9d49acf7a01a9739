package org.elasticreset.reward.raters.door;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.KeyFile;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Who has which key to what people rate by. */
public final class RaterKeys implements AutoCloseable {

  /** What a caller may do. */
  public static final List<String> ROLES = List.of("rater", "operator");

  /**
   * Whoever showed a key.
   *
   * @param role one of {@link #ROLES}
   */
  public record Caller(String name, String role) {}

  private static final Logger LOG = Logger.getLogger(RaterKeys.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Optional<Path> file;
  private final Optional<KeyFile> keys;
  private @Nullable ScheduledExecutorService watch;

  /**
   * Reads the file.
   *
   * @param file absent: nobody has a key
   * @throws IllegalArgumentException naming the line that cannot be used
   */
  public RaterKeys(Optional<Path> file) {
    this.file = file;
    keys = file.map(path -> new KeyFile("reward.raters.keys", path, ROLES));
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

  /** Whose key this is. */
  public Optional<Caller> caller(String key) {
    return keys.flatMap(known -> known.holder(key))
        .map(holder -> new Caller(holder.name(), holder.role()));
  }

  /** Reads the file again if it changed; one that cannot be used leaves the old keys. */
  void refresh() {
    try {
      if (keys.isPresent() && keys.get().refresh()) {
        LOG.infof("keys read again file=%s keys=%d", file.get(), keys.get().size());
      }
    } catch (RuntimeException e) {
      LOG.warnf("keys not read again, the old ones stay reason=\"%s\"", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.shutdownNow();
    }
  }
}
