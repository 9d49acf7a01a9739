package org.elasticreset.rating;

import java.time.Instant;

/**
 * A question to people, and how long it waits for how many of them.
 *
 * @param id unique within the run
 * @param question about its candidates
 * @param overlap raters whose answers it waits for; a skip is no answer
 * @param deadline from then on the fallback stands in
 * @param fallback what stands in
 */
public record RatingRequest(
    String id, Question question, int overlap, Instant deadline, Fallback fallback) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  public RatingRequest {
    Require.notBlank("id", id);
    Require.that(overlap >= 1, "overlap", overlap, "at least 1 rater");
  }
}
