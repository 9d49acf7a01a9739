package org.elasticreset.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A body that ends when its sender has said nothing for too long: the JDK's client waits for
 * headers only so long, and for a body for ever.
 */
final class Silence extends FilterInputStream {

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "hub-silence");
            thread.setDaemon(true);
            return thread;
          });

  private final long longestNanos;
  private final ScheduledFuture<?> watch;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean cut;

  private Silence(InputStream body, Duration longest) {
    super(body);
    longestNanos = longest.toNanos();
    long period = Math.max(1, longestNanos / 4);
    watch = WATCH.scheduleWithFixedDelay(this::cutIfSilent, period, period, TimeUnit.NANOSECONDS);
  }

  static InputStream bounded(InputStream body, Duration longest) {
    return new Silence(body, longest);
  }

  private void cutIfSilent() {
    if (System.nanoTime() - heardNanos > longestNanos) {
      cut = true;
      watch.cancel(false);
      try {
        in.close();
      } catch (IOException e) {
        // Its reader hears of it.
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    heardNanos = System.nanoTime();
    try {
      int read = super.read(bytes, offset, length);
      if (!cut) {
        return read;
      }
    } catch (IOException e) {
      if (!cut) {
        throw e;
      }
    }
    throw new IOException("silent for " + Duration.ofNanos(longestNanos).toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    super.close();
  }
}
