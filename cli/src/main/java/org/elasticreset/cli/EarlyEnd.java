package org.elasticreset.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C or SIGTERM end work early but whole: the work is asked to stop, and the JVM waits for
 * it until closed.
 */
final class EarlyEnd implements AutoCloseable {

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Duration patience;
  private final Thread hook;

  /**
   * Until closed.
   *
   * @param stop asks the work to stop; called by the JVM's shutdown
   * @param patience longest time that the JVM then waits
   */
  EarlyEnd(Runnable stop, Duration patience) {
    this.patience = patience;
    hook =
        new Thread(
            () -> {
              stop.run();
              awaitFinished();
            },
            "early-end");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void awaitFinished() {
    try {
      if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("gave up waiting for an orderly end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // Told to end already: the hook finds the latch open.
    }
  }
}
