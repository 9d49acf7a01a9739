package org.elasticreset.ema.console;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.elasticreset.proto.KeyFile;
import org.jboss.logging.Logger;

/** Who has which key to the console, as the file says within a second of a change. */
final class ConsoleKeys {

  /** Whose key it is, and whether they may act, or look only. */
  record Holder(String name, boolean operator) {}

  private static final Logger LOG = Logger.getLogger(ConsoleKeys.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final String OPERATOR = "operator";

  private final Path file;
  private final Clock clock;
  private final KeyFile keys;
  private Instant looked;

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException naming the line that cannot be used, but not repeating it
   */
  ConsoleKeys(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    keys = new KeyFile("ema.console.keys", file, List.of("viewer", OPERATOR));
    looked = clock.instant();
  }

  /** Whose key this is. */
  Optional<Holder> holder(String key) {
    lookAgain();
    return keys.holder(key)
        .map(holder -> new Holder(holder.name(), holder.role().equals(OPERATOR)));
  }

  private synchronized void lookAgain() {
    Instant now = clock.instant();
    if (looked.plus(LOOK_EVERY).isAfter(now)) {
      return;
    }
    looked = now;
    try {
      if (keys.refresh()) {
        LOG.infof("keys read again file=%s keys=%d", file, keys.size());
      }
    } catch (IllegalArgumentException e) {
      LOG.warnf("keys not read again, the old ones stay reason=\"%s\"", e.getMessage());
    }
  }
}
