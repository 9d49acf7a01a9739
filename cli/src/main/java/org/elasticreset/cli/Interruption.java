package org.elasticreset.cli;

import java.time.Duration;

/**
 * Ctrl-C and SIGTERM as an interrupt of the thread that runs: it unwinds what it opened, in order,
 * while the JVM waits. The JVM then ends with 130 or 143, as a shell expects.
 */
public final class Interruption implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final EarlyEnd end;
  private volatile boolean requested;

  private Interruption(Thread runner) {
    end =
        new EarlyEnd(
            () -> {
              requested = true;
              runner.interrupt();
            },
            PATIENCE);
  }

  /** Interrupts the calling thread when the process is told to end, until closed. */
  public static Interruption ofCurrentThread() {
    return new Interruption(Thread.currentThread());
  }

  /**
   * True if the process was told to end, or is told within a moment: a signal to the whole group
   * may end a service before it reaches this process.
   */
  public boolean requestedSoon() {
    for (int wait = 0; wait < 10 && !requested; wait++) {
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        return requested;
      }
    }
    return requested;
  }

  /** Says that everything is put away. */
  @Override
  public void close() {
    end.close();
  }
}
