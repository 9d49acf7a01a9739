package org.elasticreset.ema.console;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keys that nobody has, by the address that showed them. An address that showed too many within a
 * minute is not listened to until that minute is over, whatever it shows: who guesses does not get
 * far, and does not fill the log. Addresses are bounded; the oldest is forgotten first.
 */
final class WrongKeys {

  static final int MOST = 20;
  private static final int MOST_ADDRESSES = 1_000;
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final class Count {
    private final long began;
    private int wrong;

    Count(long began) {
      this.began = began;
    }
  }

  private final LongSupplier nanoTime;
  private final LinkedHashMap<String, Count> counts = new LinkedHashMap<>();

  WrongKeys(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Seconds until the address is listened to again; 0 if it is now. */
  synchronized long secondsToWait(String address) {
    Count count = counts.get(address);
    long left = count == null ? 0 : count.began + WINDOW_NANOS - nanoTime.getAsLong();
    if (left <= 0) {
      counts.remove(address);
      return 0;
    }
    return count != null && count.wrong >= MOST ? TimeUnit.NANOSECONDS.toSeconds(left) + 1 : 0;
  }

  /** The address showed a key that nobody has. */
  synchronized void add(String address) {
    counts.computeIfAbsent(address, any -> new Count(nanoTime.getAsLong())).wrong++;
    if (counts.size() > MOST_ADDRESSES) {
      Map.Entry<String, Count> oldest = counts.entrySet().iterator().next();
      counts.remove(oldest.getKey());
    }
  }
}
