package org.elasticreset.desk;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jboss.logging.Logger;

/**
 * A thread of the desk that fails is replaced, after a pause that doubles from one failure to the
 * next, so that what cannot be mended does not take a processor; and the failures are counted.
 */
final class DeskFailures implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = Logger.getLogger(DeskFailures.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Behind which a failure is the first again. */
  private static final Duration QUIET = Duration.ofMinutes(10);

  private final Clock clock;
  private final Consumer<Duration> pauses;
  private final AtomicLong count = new AtomicLong();
  private Instant last = Instant.MIN;
  private Duration pause = FIRST_PAUSE;

  /**
   * @param pauses waits in the thread that fails
   */
  DeskFailures(Clock clock, Consumer<Duration> pauses) {
    this.clock = clock;
    this.pauses = pauses;
  }

  static DeskFailures ofThreads() {
    return new DeskFailures(Clock.systemUTC(), DeskFailures::sleep);
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    long failures = count.incrementAndGet();
    Duration now = next();
    LOG.errorf(failure, "rating desk failed, begins again in=%s failures=%d", now, failures);
    pauses.accept(now);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private synchronized Duration next() {
    Instant now = clock.instant();
    if (last.isBefore(now.minus(QUIET))) {
      pause = FIRST_PAUSE;
    } else {
      Duration doubled = pause.multipliedBy(2);
      pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
    last = now;
    return pause;
  }

  /** Since the start. */
  long count() {
    return count.get();
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
