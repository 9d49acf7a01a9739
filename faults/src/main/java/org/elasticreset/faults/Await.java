package org.elasticreset.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Waits for a condition. */
final class Await {
  private static final long POLL_MILLIS = 20;

  private Await() {}

  /**
   * Returns once the condition holds.
   *
   * @param otherwise what to say if it does not within the time
   * @throws FaultyRunException after that time
   */
  static void until(Callable<Boolean> condition, Duration patience, Supplier<String> otherwise)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (!holds(condition)) {
      if (System.nanoTime() > end) {
        throw new FaultyRunException("after " + patience + ": " + otherwise.get());
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
