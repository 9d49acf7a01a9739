package org.elasticreset.reward.raters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScaleQuestion;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.ThumbsQuestion;

/**
 * What people are asked about the rollouts of a case.
 *
 * @param kind of question
 * @param worst mark of a scale
 * @param best mark of a scale
 * @param overlap raters whose answers a request waits for
 * @param guideline what they are told to look at
 */
record CaseQuestions(QuestionKind kind, double worst, double best, int overlap, String guideline) {

  /**
   * The requests of a case: one about all of its rollouts, or one about each.
   *
   * @return none if there is nothing to ask: of one response which is better, or of equal ones
   */
  List<RatingRequest> about(String caseId, List<ScoredRollout> rollouts, Instant deadline) {
    if (kind == QuestionKind.ORDER) {
      long different =
          rollouts.stream().map(rollout -> rollout.getRollout().getResponse()).distinct().count();
      return different < 2 ? List.of() : List.of(request(caseId, 0, rollouts, deadline));
    }
    List<RatingRequest> each = new ArrayList<>();
    for (ScoredRollout rollout : rollouts) {
      each.add(request(caseId, each.size(), List.of(rollout), deadline));
    }
    return each;
  }

  private RatingRequest request(
      String caseId, int index, List<ScoredRollout> rollouts, Instant deadline) {
    ScoredRollout first = rollouts.get(0);
    RatingRequest.Builder request =
        RatingRequest.newBuilder()
            .setRunId(first.getRunId())
            .setRequestId(RatingIds.request(caseId, index))
            .setPrompt(first.getRollout().getPrompt())
            .setOverlap(overlap)
            .setDeadlineMillis(deadline.toEpochMilli())
            .setPolicyVersion(first.getRollout().getPolicyVersion())
            .setTargetStep(first.getTargetStep())
            .setGuideline(guideline);
    for (ScoredRollout rollout : rollouts) {
      request.addCandidates(
          Candidate.newBuilder()
              .setRolloutId(rollout.getRollout().getRolloutId())
              .setText(rollout.getRollout().getResponse()));
    }
    switch (kind) {
      case ORDER -> request.setOrder(OrderQuestion.getDefaultInstance());
      case SCALE -> request.setScale(ScaleQuestion.newBuilder().setWorst(worst).setBest(best));
      case THUMBS -> request.setThumbs(ThumbsQuestion.getDefaultInstance());
    }
    return request.build();
  }
}
