package org.elasticreset.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for a condition. */
final class Await {
  /** Tells what hangs from what a busy machine is slow at, and is no measure of either. */
  static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final long POLL_MILLIS = 20;

  private Await() {}

  /**
   * Returns once the condition holds.
   *
   * @param otherwise what to say if it does not within {@link #PATIENCE}
   * @throws FaultyRunException after that time
   */
  static void until(Callable<Boolean> condition, Supplier<String> otherwise)
      throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > end) {
        throw new FaultyRunException("after " + PATIENCE + ": " + otherwise.get());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new FaultyRunException("the condition cannot be asked", e);
    }
  }
}
