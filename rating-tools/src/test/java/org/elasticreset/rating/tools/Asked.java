package org.elasticreset.rating.tools;

import java.util.List;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.RatingRequest;

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
    for (String response : List.of(responses)) {
      request.addCandidates(
          Candidate.newBuilder().setRolloutId("rollout-" + response).setText(response));
    }
    return request.build();
  }
}
