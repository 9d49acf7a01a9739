package org.elasticreset.reward.raters.door;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.elasticreset.desk.RatingTranslation;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.RatedRequest;

/** A request on the board: who has it, and who has said what. */
final class BoardRequest {

  /** The topic is open to whoever may write it: what one request can make us keep is bounded. */
  private static final int MOST_RATERS = 1000;

  private RatingRequest asked;
  private RatedRequest rated;
  private final Map<String, Instant> leases = new HashMap<>();

  /**
   * As asked.
   *
   * @throws IllegalArgumentException naming a field that cannot be used
   */
  BoardRequest(RatingRequest asked) {
    this.asked = asked;
    // What stands in at the deadline is the desk's to know.
    this.rated = RatedRequest.open(RatingTranslation.request(asked, Fallback.WAIT));
  }

  /** Asked again, of those that it was given to and that have answered. */
  BoardRequest askedAgain(RatingRequest again) {
    var next = new BoardRequest(again);
    next.leases.putAll(leases);
    next.rated = new RatedRequest(next.rated.request(), rated.ratings(), false);
    return next;
  }

  /** It has ended: what it showed is forgotten, what it asked is not. */
  void end() {
    RatingRequest.Builder bare = asked.toBuilder().clearPrompt().clearGuideline();
    bare.getCandidatesBuilderList().forEach(candidate -> candidate.clearText());
    asked = bare.build();
  }

  RatingRequest asked() {
    return asked;
  }

  RatedRequest rated() {
    return rated;
  }

  /** Takes what somebody said. What does not answer the question is nothing to it. */
  void said(Rating rating) {
    if (rated.ratings().size() >= MOST_RATERS
        && !rated.ratings().containsKey(rating.getRaterId())) {
      return;
    }
    try {
      rated = rated.with(RatingTranslation.rating(rating));
    } catch (IllegalArgumentException e) {
      // The desk puts it to the dead letters.
      return;
    }
    leases.computeIfPresent(rating.getRaterId(), (rater, end) -> Instant.EPOCH);
  }

  void lease(String raterId, Instant end) {
    leases.put(raterId, end);
  }

  /** When the rater's time with it ends, or ended. */
  Instant leaseEnd(String raterId) {
    return leases.getOrDefault(raterId, Instant.EPOCH);
  }

  /** Whether the rater has it, and has not dealt with it. */
  boolean isLeasedTo(String raterId, Instant now) {
    return leases.getOrDefault(raterId, Instant.EPOCH).isAfter(now) && !rated.isDoneBy(raterId);
  }

  /** Nothing that is said of it counts any more. */
  void close() {
    rated = rated.close();
  }

  /** Whether the rater may say something although it has ended: it was theirs once. */
  boolean wasGivenTo(String raterId) {
    return !rated.closed() && (leases.containsKey(raterId) || rated.ratings().containsKey(raterId));
  }

  /** Raters who have it, and have not answered. */
  long leased(Instant now) {
    return leases.keySet().stream().filter(rater -> isLeasedTo(rater, now)).count();
  }

  /** Whether one more rater is needed, beside those that have answered and those that have it. */
  boolean needs(String raterId, Set<String> muted, Instant now) {
    long others =
        leases.keySet().stream()
            .filter(rater -> !rater.equals(raterId) && !muted.contains(rater))
            .filter(rater -> isLeasedTo(rater, now))
            .count();
    return !rated.isDoneBy(raterId)
        && rated.answers(muted).size() + others < rated.request().overlap();
  }
}
