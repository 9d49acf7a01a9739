package org.elasticreset.rating;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Requests and ratings for tests. */
final class Requests {
  static final Instant DEADLINE = Instant.parse("2026-11-27T12:00:00Z");

  private Requests() {}

  static RatingRequest pair(String id, int overlap) {
    return of(id, new Question.Order(2), overlap, Fallback.MODEL_SCORE);
  }

  static RatingRequest of(String id, Question question, int overlap, Fallback fallback) {
    return new RatingRequest(id, question, overlap, DEADLINE, fallback);
  }

  static Rating rating(String request, String rater, long revision, Answer answer) {
    return new Rating(request, rater, revision, Optional.of(answer), Duration.ofSeconds(3), "");
  }

  static Rating withdrawal(String request, String rater, long revision) {
    return new Rating(request, rater, revision, Optional.empty(), Duration.ZERO, "");
  }

  static Answer anyOrder(Random random) {
    return List.of(
            Answer.Ranks.first(), Answer.Ranks.second(), Answer.Ranks.tie(), new Answer.Skip())
        .get(random.nextInt(4));
  }
}
