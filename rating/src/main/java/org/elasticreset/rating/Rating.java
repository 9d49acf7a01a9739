package org.elasticreset.rating;

import java.time.Duration;
import java.util.Optional;

/**
 * What one rater says of one request. A rater may say something else later, with a higher revision,
 * or take it back: the highest revision holds, in whatever order they arrive.
 *
 * @param requestId what was asked
 * @param raterId who says so
 * @param revision from 1, counted by the rater for this request
 * @param answer empty: what was said before is withdrawn
 * @param latency from being shown the request to answering
 * @param comment free text; may be empty
 */
public record Rating(
    String requestId,
    String raterId,
    long revision,
    Optional<Answer> answer,
    Duration latency,
    String comment) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public Rating {
    Require.notBlank("requestId", requestId);
    Require.notBlank("raterId", raterId);
    Require.that(revision >= 1, "revision", revision, "from 1");
    Require.that(!latency.isNegative(), "latency", latency, "not negative");
  }
}
