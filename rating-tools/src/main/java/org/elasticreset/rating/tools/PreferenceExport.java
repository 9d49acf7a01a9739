package org.elasticreset.rating.tools;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RatingRequest.QuestionCase;
import org.elasticreset.rating.Answer;
import org.elasticreset.rating.Answer.Ranks;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.RatedRequest;
import org.elasticreset.rating.Rating;

/**
 * Makes preferences of ratings. A ranking is its pairs. Of each rater the newest revision counts,
 * as everywhere; a tie prefers nothing and is left out.
 *
 * @param rows how several raters of one pair become rows
 * @param muted raters who do not count
 */
public record PreferenceExport(Rows rows, Set<String> muted) {

  /** How several raters of one pair become rows. */
  public enum Rows {
    /** One row, as most of those see it who prefer either; as many on both sides are a tie. */
    MAJORITY,
    /** A row for each rater who prefers either. */
    EACH_RATER
  }

  /**
   * What came of it.
   *
   * @param preferences sorted by the id of the request, and in a request by candidates
   * @param ties pairs (of each rater, if each has a row) of which neither is preferred
   * @param unanswered requests that nobody answered who counts
   * @param unusable ratings of no such request, or that do not answer it
   */
  public record Exported(List<Preference> preferences, int ties, int unanswered, int unusable) {
    /** Copies. */
    public Exported {
      preferences = List.copyOf(preferences);
    }
  }

  /** Copies. */
  public PreferenceExport {
    muted = Set.copyOf(muted);
  }

  /**
   * Preferences of ratings.
   *
   * @param requests of one run, of any question; those that ask for no order have no pairs, and are
   *     passed over with their ratings
   * @param ratings in any order, of any number of revisions
   */
  public Exported of(
      Collection<RatingRequest> requests, Collection<org.elasticreset.proto.v1.Rating> ratings) {
    Map<String, RatingRequest> asked = new TreeMap<>();
    Map<String, RatedRequest> rated = new TreeMap<>();
    for (RatingRequest request : requests) {
      asked.put(request.getRequestId(), request);
      if (request.getQuestionCase() == QuestionCase.ORDER) {
        rated.put(request.getRequestId(), RatedRequest.open(plain(request)));
      }
    }
    int unusable = 0;
    for (var rating : ratings) {
      boolean other =
          asked.containsKey(rating.getRequestId()) && !rated.containsKey(rating.getRequestId());
      if (!other && !take(rating, rated)) {
        unusable++;
      }
    }
    List<Preference> preferences = new ArrayList<>();
    int unanswered = 0;
    int ties = 0;
    for (RatingRequest request : asked.values()) {
      RatedRequest said = rated.get(request.getRequestId());
      if (said != null) {
        List<Rating> answers = said.answers(muted);
        unanswered += answers.isEmpty() ? 1 : 0;
        for (Votes votes : Votes.of(request, answers)) {
          ties += rows == Rows.MAJORITY ? votes.majority(preferences) : votes.each(preferences);
        }
      }
    }
    return new Exported(preferences, ties, unanswered, unusable);
  }

  private static boolean take(
      org.elasticreset.proto.v1.Rating rating, Map<String, RatedRequest> rated) {
    try {
      return rated.computeIfPresent(
              rating.getRequestId(), (id, request) -> request.with(plain(rating)))
          != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static org.elasticreset.rating.RatingRequest plain(RatingRequest request) {
    return new org.elasticreset.rating.RatingRequest(
        request.getRequestId(),
        new Question.Order(request.getCandidatesCount()),
        Math.max(1, request.getOverlap()),
        Instant.ofEpochMilli(request.getDeadlineMillis()),
        Fallback.WAIT);
  }

  private static Rating plain(org.elasticreset.proto.v1.Rating rating) {
    Optional<Answer> answer =
        switch (rating.getAnswerCase()) {
          case RANKS -> Optional.of(new Ranks(rating.getRanks().getRanksList()));
          case SKIP -> Optional.of(new Answer.Skip());
          case WITHDRAWAL -> Optional.empty();
          default -> throw new IllegalArgumentException("answer: no ranks (expected: ranks)");
        };
    return new Rating(
        rating.getRequestId(),
        rating.getRaterId(),
        rating.getRevision(),
        answer,
        Duration.ZERO,
        rating.getComment());
  }
}
