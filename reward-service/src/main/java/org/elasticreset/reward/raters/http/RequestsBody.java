package org.elasticreset.reward.raters.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.reward.raters.door.Handout;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code GET /api/rating-requests}.
 *
 * @param guideline what raters are told to look at, of the first of the requests
 * @param waiting requests that wait for the rater, these among them
 * @param done requests that the rater has dealt with
 */
record RequestsBody(String guideline, int waiting, long done, List<Asked> requests) {

  /** Text of a candidate, and its index in the request. */
  record Shown(int index, String text) {}

  /**
   * A request, with its candidates in the order to show them.
   *
   * @param worst of a scale
   * @param best of a scale
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Asked(
      String requestId,
      String kind,
      String prompt,
      List<Shown> candidates,
      @Nullable Double worst,
      @Nullable Double best,
      long deadlineMillis,
      String guideline) {

    static Asked of(Handout handout) {
      RatingRequest request = handout.request();
      boolean scale = request.hasScale();
      return new Asked(
          handout.name(),
          request.getQuestionCase().name().toLowerCase(Locale.ROOT),
          request.getPrompt(),
          handout.shown().stream()
              .map(index -> new Shown(index, request.getCandidates(index).getText()))
              .toList(),
          scale ? request.getScale().getWorst() : null,
          scale ? request.getScale().getBest() : null,
          request.getDeadlineMillis(),
          request.getGuideline());
    }
  }

  static RequestsBody of(List<Handout> handouts, int waiting, long done) {
    List<Asked> requests = handouts.stream().map(Asked::of).toList();
    String guideline = requests.isEmpty() ? "" : requests.get(0).guideline();
    return new RequestsBody(guideline, Math.max(waiting, requests.size()), done, requests);
  }
}
