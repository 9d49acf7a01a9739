package org.elasticreset.reward.raters.door;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.local.LocalBucket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** So many ratings of one rater a minute, and as many at once at most. */
final class RateLimit {

  private static final int MOST_RATERS = 10_000;

  private final int perMinute;
  private final TimeMeter time;
  private final Map<String, Bucket> buckets = new Recent<>(MOST_RATERS);

  /**
   * Nobody has said anything yet.
   *
   * @throws IllegalArgumentException if nobody could ever
   */
  RateLimit(int perMinute, TimeMeter time) {
    if (perMinute < 1) {
      throw new IllegalArgumentException(
          "reward.raters.ratings-per-minute: %d (expected: at least 1)".formatted(perMinute));
    }
    this.perMinute = perMinute;
    this.time = time;
  }

  /** Takes one of what the rater may say; or else, how long until there is one again. */
  synchronized Optional<Duration> take(String raterId) {
    Bucket bucket = buckets.computeIfAbsent(raterId, unknown -> bucket());
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private LocalBucket bucket() {
    return Bucket.builder()
        .addLimit(l -> l.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
        .withCustomTimePrecision(time)
        .build();
  }
}
