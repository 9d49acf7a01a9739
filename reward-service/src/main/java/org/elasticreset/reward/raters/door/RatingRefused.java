package org.elasticreset.reward.raters.door;

import java.time.Duration;
import java.util.Optional;

/** A call that is refused, in words for whoever made it. */
public final class RatingRefused extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why, for programs. */
  public enum Why {
    /** A field cannot be used; the message begins with its name. */
    INVALID,
    /** The rater is no longer believed. */
    MUTED,
    /** There is no such request. */
    UNKNOWN,
    /** There was one, and it takes nothing any more. */
    CLOSED,
    /** As much as a rater may say in a minute. */
    TOO_MANY,
    /** Kafka did not take it, or has not yet told what is open. */
    UNAVAILABLE
  }

  private final Why why;
  private final transient Optional<Duration> retryAfter;

  private RatingRefused(Why why, String message, Optional<Duration> retryAfter) {
    super(message);
    this.why = why;
    this.retryAfter = retryAfter;
  }

  /** A field cannot be used. */
  public static RatingRefused invalid(String message) {
    return because(Why.INVALID, message);
  }

  static RatingRefused because(Why why, String message) {
    return new RatingRefused(why, message, Optional.empty());
  }

  static RatingRefused until(Why why, String message, Duration retryAfter) {
    return new RatingRefused(why, message, Optional.of(retryAfter));
  }

  /** Why. */
  public Why why() {
    return why;
  }

  /** When to try again, if that helps. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
