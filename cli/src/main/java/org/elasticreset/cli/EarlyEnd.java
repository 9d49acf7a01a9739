package org.elasticreset.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C or SIGTERM end work early but whole: the work is asked to stop, and the JVM waits for
 * it until closed.
 */
final class EarlyEnd implements AutoCloseable {

  private static final int PATIENCE_MINUTES = 5;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  EarlyEnd(Runnable stop) {
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
      if (!finished.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
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
