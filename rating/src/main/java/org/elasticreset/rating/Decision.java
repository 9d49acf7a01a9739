package org.elasticreset.rating;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.elasticreset.rating.Outcome.Decided;
import org.elasticreset.rating.Outcome.Dropped;
import org.elasticreset.rating.Outcome.ModelDecides;
import org.elasticreset.rating.Outcome.Open;

/**
 * When a request is decided, and how.
 *
 * @param aggregation of several answers
 * @param weightOf a rater, by id; above 0
 * @param muted raters whose answers do not count
 */
public record Decision(
    Aggregation aggregation, ToDoubleFunction<String> weightOf, Set<String> muted) {

  /** Copies. */
  public Decision {
    muted = Set.copyOf(muted);
  }

  /** What the request amounts to at this moment. */
  public Outcome of(RatedRequest rated, Instant now) {
    RatingRequest request = rated.request();
    List<Rating> answers = rated.answers(muted);
    if (answers.size() >= request.overlap()) {
      return decided(request, answers);
    }
    if (now.isBefore(request.deadline())) {
      return new Open(request.overlap() - answers.size());
    }
    return switch (request.fallback()) {
      case MODEL_SCORE -> new ModelDecides();
      case ANSWERS_SO_FAR -> answers.isEmpty() ? new ModelDecides() : decided(request, answers);
      case READMIT -> new Dropped();
      case WAIT -> new Open(request.overlap() - answers.size());
    };
  }

  private Decided decided(RatingRequest request, List<Rating> answers) {
    return new Decided(
        aggregation.of(request.question(), answers, weightOf),
        answers.stream().map(Rating::raterId).toList());
  }
}
