package org.elasticreset.batches;

import java.time.Duration;

/** Counts batches between their arrival and their acknowledgement. */
public final class WorkUnderWay {

  private int batches;

  /** One has arrived. */
  public synchronized void begin() {
    batches++;
  }

  /** One is acknowledged. */
  public synchronized void end() {
    batches--;
    notifyAll();
  }

  /** Waits until there are none; false if that took longer than {@code patience}. */
  public synchronized boolean awaitNone(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (batches > 0) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }
}
