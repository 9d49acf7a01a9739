package org.elasticreset.rating.tools;

import java.util.List;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScaleQuestion;
import org.elasticreset.proto.v1.ThumbsQuestion;

/** Requests to test with. */
final class Asked {
  private Asked() {}

  static RatingRequest order(String id, String... responses) {
    var request =
        RatingRequest.newBuilder()
            .setRunId("run-1")
            .setRequestId(id)
            .setPrompt("What is 6 × 7?")
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(2)
            .setGuideline("Look at the *answer*.")
            .setPolicyVersion(17)
            .setDeadlineMillis(1_795_766_400_000L);
    return of(request, responses);
  }

  static RatingRequest scale(String id, double worst, double best, String response) {
    return of(
        order(id).toBuilder().setScale(ScaleQuestion.newBuilder().setWorst(worst).setBest(best)),
        response);
  }

  static RatingRequest thumbs(String id, String response) {
    return of(order(id).toBuilder().setThumbs(ThumbsQuestion.getDefaultInstance()), response);
  }

  private static RatingRequest of(RatingRequest.Builder request, String... responses) {
    for (String response : List.of(responses)) {
      request.addCandidates(
          Candidate.newBuilder().setRolloutId("rollout-" + response).setText(response));
    }
    return request.build();
  }
}
