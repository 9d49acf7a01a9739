package org.elasticreset.desk;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RequestState;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.RatedRequest;

/**
 * What was said to the requests of a case, as its state has it.
 *
 * @param fallback of all requests
 */
record CaseAnswers(Fallback fallback) {

  /** A request with what was said to it so far. */
  RatedRequest of(RatingCase asked, RequestState state, int index) {
    SortedMap<String, org.elasticreset.rating.Rating> ratings = new TreeMap<>();
    for (Rating rating : state.getRatingsList()) {
      ratings.put(rating.getRaterId(), RatingTranslation.rating(rating));
    }
    return new RatedRequest(
        RatingTranslation.request(asked.getRequests(index), fallback), ratings, false);
  }

  /** Keeps what decisions need, and nothing that has no bounds. */
  static void replace(RequestState.Builder request, Rating said) {
    List<Rating> others =
        request.getRatingsList().stream()
            .filter(rating -> !rating.getRaterId().equals(said.getRaterId()))
            .toList();
    request
        .clearRatings()
        .addAllRatings(others)
        .addRatings(
            said.toBuilder()
                .clearRunId()
                .clearShown()
                .clearComment()
                .clearSource()
                .clearAnswerId());
  }

  /** Whoever has said something. */
  static Stream<String> raterIds(List<RequestState> requests) {
    return requests.stream()
        .flatMap(request -> request.getRatingsList().stream())
        .map(Rating::getRaterId);
  }

  /** The next deadline of a request; 0 if all have passed. */
  static long nextDeadline(RatingCase asked, long now) {
    return asked.getRequestsList().stream()
        .mapToLong(request -> request.getDeadlineMillis())
        .filter(deadline -> deadline > now)
        .min()
        .orElse(0);
  }
}
