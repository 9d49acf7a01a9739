package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What the broker and the Kafka client of the launcher log goes to a file, not on the screen. */
final class BrokerLog implements AutoCloseable {
  private final Handler handler;

  private BrokerLog(Handler handler) {
    this.handler = handler;
  }

  static BrokerLog to(Path file) {
    try {
      Files.createDirectories(file.getParent());
      LogManager.getLogManager().reset();
      Handler handler = new FileHandler(file.toString().replace("%", "%%"), true);
      handler.setFormatter(new SimpleFormatter());
      Logger root = Logger.getLogger("");
      root.setLevel(Level.INFO);
      root.addHandler(handler);
      return new BrokerLog(handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(handler);
    handler.close();
  }
}
