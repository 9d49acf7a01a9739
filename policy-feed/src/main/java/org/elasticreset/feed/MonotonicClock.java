package org.elasticreset.feed;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * Time as it passes, whatever is done to the clock on the wall: that one may jump, and a worker
 * must neither wait for an hour nor give up at once because it did.
 */
public final class MonotonicClock extends Clock {

  private final LongSupplier nanoTime;
  private final Instant base;
  private final long baseNanos;

  /**
   * A clock that goes on from an instant.
   *
   * @param base what it shows now
   */
  public MonotonicClock(Instant base, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.base = base;
    this.baseNanos = nanoTime.getAsLong();
  }

  @Override
  public Instant instant() {
    return base.plusNanos(nanoTime.getAsLong() - baseNanos);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("durations have no zone");
  }
}
