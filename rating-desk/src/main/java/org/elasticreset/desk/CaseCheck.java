package org.elasticreset.desk;

import static org.elasticreset.desk.RatingTranslation.require;

import java.util.Set;
import java.util.stream.Collectors;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.GoldQuestion;
import org.elasticreset.rating.Rating;

/** Refuses a case that could not be asked or sent on. */
record CaseCheck(String runId) {

  /**
   * Checks every field that the desk relies on.
   *
   * @throws IllegalArgumentException naming the first that is wrong
   */
  void check(RatingCase asked) {
    require(asked.getRunId().equals(runId), "run_id", asked.getRunId(), runId);
    require(asked.getRequestsCount() > 0, "requests", "none", "at least one");
    if (asked.hasGold()) {
      checkGold(asked);
    } else {
      require(asked.getRolloutsCount() > 0, "rollouts", "none", "at least one");
    }
    Set<String> rollouts =
        asked.getRolloutsList().stream()
            .map(rollout -> rollout.getRollout().getRolloutId())
            .collect(Collectors.toSet());
    for (ScoredRollout rollout : asked.getRolloutsList()) {
      checkRollout(asked, rollout);
    }
    for (int i = 0; i < asked.getRequestsCount(); i++) {
      checkRequest(asked, i, rollouts);
    }
  }

  private void checkRollout(RatingCase asked, ScoredRollout rollout) {
    require(rollout.getRunId().equals(runId), "rollouts.run_id", rollout.getRunId(), runId);
    require(
        rollout.getPurpose() == Purpose.TRAINING,
        "rollouts.purpose",
        rollout.getPurpose(),
        "TRAINING");
    require(Double.isFinite(rollout.getReward()), "rollouts.reward", rollout.getReward(), "finite");
    long step = asked.getRollouts(0).getTargetStep();
    require(
        rollout.getTargetStep() == step,
        "rollouts.target_step",
        rollout.getTargetStep(),
        step + ", as of the first");
  }

  private void checkRequest(RatingCase asked, int index, Set<String> rollouts) {
    RatingRequest request = asked.getRequests(index);
    String id = RatingIds.request(asked.getCaseId(), index);
    require(request.getRunId().equals(runId), "requests.run_id", request.getRunId(), runId);
    require(request.getRequestId().equals(id), "request_id", request.getRequestId(), id);
    require(
        request.getDeadlineMillis() > 0, "deadline_millis", request.getDeadlineMillis(), "above 0");
    RatingTranslation.request(request, Fallback.WAIT);
    for (Candidate candidate : request.getCandidatesList()) {
      require(
          asked.hasGold() || rollouts.contains(candidate.getRolloutId()),
          "candidates.rollout_id",
          candidate.getRolloutId(),
          "a rollout of the case");
    }
  }

  private static void checkGold(RatingCase asked) {
    require(asked.getRolloutsCount() == 0, "rollouts", "some", "none of a gold case");
    require(asked.getRequestsCount() == 1, "requests", asked.getRequestsCount(), "one, of gold");
    gold(asked);
  }

  /**
   * The question of a gold case, with its answer.
   *
   * @throws IllegalArgumentException if the answer does not answer it
   */
  static GoldQuestion gold(RatingCase asked) {
    Rating right =
        RatingTranslation.rating(
            asked.getGold().toBuilder()
                .setRequestId("gold")
                .setRaterId("gold")
                .setRevision(1)
                .build());
    return new GoldQuestion(
        RatingTranslation.request(asked.getRequests(0), Fallback.WAIT).question(),
        right
            .answer()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "gold: a withdrawal (expected: ranks, a mark or a thumb)")));
  }
}
