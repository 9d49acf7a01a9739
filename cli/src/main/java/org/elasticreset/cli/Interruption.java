package org.elasticreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM as an interrupt of the thread that runs: it unwinds what it opened, in order,
 * while the JVM waits. The JVM then ends with 130 or 143, as a shell expects.
 */
final class Interruption implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 25;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean requested;

  private Interruption(Thread runner) {
    hook =
        new Thread(
            () -> {
              requested = true;
              runner.interrupt();
              awaitFinished();
            },
            "interruption");
  }

  /** Interrupts the calling thread when the process is told to end, until closed. */
  static Interruption ofCurrentThread() {
    Interruption interruption = new Interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /**
   * True if the process was told to end, or is told within a moment: a signal to the whole group
   * may end a service before it reaches this process.
   */
  boolean requestedSoon() {
    for (int wait = 0; wait < 10 && !requested; wait++) {
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        return requested;
      }
    }
    return requested;
  }

  private void awaitFinished() {
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("gave up waiting for an orderly end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that everything is put away. */
  @Override
  public void close() {
    finished.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // told to end just now: the hook finds the latch open
      }
    }
  }
}
