package org.elasticreset.reward;

import java.time.Duration;

/** Counts batches between their arrival and their acknowledgement. */
final class WorkUnderWay {

  private int batches;

  synchronized void begin() {
    batches++;
  }

  synchronized void end() {
    batches--;
    notifyAll();
  }

  /** Waits until there are none; false if that took longer than {@code patience}. */
  synchronized boolean awaitNone(Duration patience) throws InterruptedException {
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
