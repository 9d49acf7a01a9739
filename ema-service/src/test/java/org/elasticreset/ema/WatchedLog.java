package org.elasticreset.ema;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** The lines of a log category while it is open. */
final class WatchedLog extends Handler {

  final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger category;

  WatchedLog(String category) {
    this.category = Logger.getLogger(category);
    this.category.addHandler(this);
  }

  @Override
  public void publish(LogRecord event) {
    lines.add(
        event instanceof ExtLogRecord formatted
            ? formatted.getFormattedMessage()
            : event.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    category.removeHandler(this);
  }
}
