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
import org.apache.kafka.common.utils.Exit;

/**
 * What the broker and the Kafka client of the launcher log goes to a file, not on the screen; only
 * that the broker gives up does. It ends the whole process then, without a word of its own.
 */
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
      Exit.setHaltProcedure((code, message) -> giveUp(code, file));
      return new BrokerLog(handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void giveUp(int code, Path file) {
    System.err.println("the Kafka broker gave up, perhaps for want of disk space; see " + file);
    Runtime.getRuntime().halt(code);
  }

  @Override
  public void close() {
    Exit.resetHaltProcedure();
    Logger.getLogger("").removeHandler(handler);
    handler.close();
  }
}
