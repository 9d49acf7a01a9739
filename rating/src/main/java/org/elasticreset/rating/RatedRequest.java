package org.elasticreset.rating;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.elasticreset.rating.Answer.Skip;

/**
 * A request with what was said to it so far. Immutable: {@link #with} makes the next one. It is the
 * same whatever order ratings arrive in, and however often.
 *
 * @param request what was asked
 * @param ratings the newest of each rater, by rater
 * @param closed whether nothing changes any more
 */
public record RatedRequest(
    RatingRequest request, SortedMap<String, Rating> ratings, boolean closed) {

  /** Copies. */
  public RatedRequest {
    ratings = Collections.unmodifiableSortedMap(new TreeMap<>(ratings));
  }

  /** Nobody has said anything. */
  public static RatedRequest open(RatingRequest request) {
    return new RatedRequest(request, new TreeMap<>(), false);
  }

  /**
   * What would become of a rating.
   *
   * @throws IllegalArgumentException if it is of another request, or does not answer the question
   */
  public Receipt receiptOf(Rating rating) {
    Require.that(
        rating.requestId().equals(request.id()),
        "requestId",
        rating.requestId(),
        request.id() + ", which this is");
    rating.answer().ifPresent(answer -> CandidateValues.check(request.question(), answer));
    if (closed) {
      return Receipt.CLOSED;
    }
    Rating before = ratings.get(rating.raterId());
    if (before != null && rating.revision() <= before.revision()) {
      return rating.revision() == before.revision() ? Receipt.DUPLICATE : Receipt.OUTDATED;
    }
    if (rating.answer().isEmpty()) {
      return Receipt.WITHDRAWN;
    }
    return before == null ? Receipt.TAKEN : Receipt.REVISED;
  }

  /** With a rating in it; itself, if that changes nothing. */
  public RatedRequest with(Rating rating) {
    if (!receiptOf(rating).changes()) {
      return this;
    }
    SortedMap<String, Rating> next = new TreeMap<>(ratings);
    next.put(rating.raterId(), rating);
    return new RatedRequest(request, next, false);
  }

  /** Its step is trained on, or has been given up. */
  public RatedRequest close() {
    return new RatedRequest(request, ratings, true);
  }

  /** Ratings that say something: neither withdrawn nor skipped, nor of a rater who is muted. */
  public List<Rating> answers(Collection<String> muted) {
    List<Rating> answers = new ArrayList<>();
    for (Map.Entry<String, Rating> rating : ratings.entrySet()) {
      boolean says = rating.getValue().answer().filter(a -> !(a instanceof Skip)).isPresent();
      if (says && !muted.contains(rating.getKey())) {
        answers.add(rating.getValue());
      }
    }
    return answers;
  }

  /** Whether this rater has dealt with it; one who withdrew may be asked again. */
  public boolean isDoneBy(String raterId) {
    Rating rating = ratings.get(raterId);
    return rating != null && rating.answer().isPresent();
  }
}
