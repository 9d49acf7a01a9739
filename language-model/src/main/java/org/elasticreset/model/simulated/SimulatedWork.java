package org.elasticreset.model.simulated;

import java.util.concurrent.TimeUnit;

/** Work that takes a time and does nothing: the core is free for others meanwhile. */
public final class SimulatedWork {

  private SimulatedWork() {}

  /**
   * Returns so many seconds behind {@code began}, which is a {@link System#nanoTime}: what was done
   * since then counts. Sooner if the thread is interrupted, and it still is then.
   */
  public static void takeUntil(long began, double seconds) {
    long left = began + Math.round(seconds * 1e9) - System.nanoTime();
    try {
      if (left > 0) {
        TimeUnit.NANOSECONDS.sleep(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
