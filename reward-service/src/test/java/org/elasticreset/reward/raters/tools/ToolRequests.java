package org.elasticreset.reward.raters.tools;

import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.RatingRequest;

/** Requests to test with. */
final class ToolRequests {

  static final String RUN = "run-1";

  private ToolRequests() {}

  static RatingRequest pair(int number) {
    return order(number, "first", "second");
  }

  static RatingRequest order(int number, String... texts) {
    var request =
        RatingRequest.newBuilder()
            .setRunId(RUN)
            .setRequestId("train-%d-0/0@1#0".formatted(number))
            .setPrompt("prompt " + number)
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(1)
            .setPolicyVersion(1)
            .setTargetStep(12)
            .setGuideline("Look.");
    for (int i = 0; i < texts.length; i++) {
      String rolloutId = "train-%d-0/0@1/%d".formatted(number, i);
      request.addCandidates(Candidate.newBuilder().setRolloutId(rolloutId).setText(texts[i]));
    }
    return request.build();
  }
}
