package org.elasticreset.desk;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.proto.v1.Withdrawal;

/** Cases and ratings for tests. */
final class Cases {

  static final String RUN = "test-run";

  /** Later than any machine that runs a desk on it: what is asked then waits. */
  static final Instant START = Instant.parse("2126-11-27T12:00:00Z");

  static final Duration PATIENCE = Duration.ofHours(1);
  static final double MODEL = 0.7;

  private Cases() {}

  /** Which of two responses to one prompt of a step is better? */
  static RatingCase pair(long step, int prompt, int overlap) {
    String first = "train-" + step + "-" + prompt + "/0";
    String second = "train-" + step + "-" + prompt + "/1";
    String id = RatingIds.caseOf(first, 7);
    return RatingCase.newBuilder()
        .setRunId(RUN)
        .setCaseId(id)
        .addRollouts(rollout(step, first))
        .addRollouts(rollout(step, second))
        .addRequests(order(id, 0, overlap, first, second))
        .setReason("share")
        .build();
  }

  /** Its answer is known: the first is better. */
  static RatingCase gold(String id) {
    return RatingCase.newBuilder()
        .setRunId(RUN)
        .setCaseId(id)
        .addRequests(order(id, 0, 1000, "g/0", "g/1"))
        .setReason("gold")
        .setGold(Rating.newBuilder().setRanks(ranks(1, 2)))
        .build();
  }

  static RatingRequest order(String caseId, int index, int overlap, String... rollouts) {
    RatingRequest.Builder request =
        RatingRequest.newBuilder()
            .setRunId(RUN)
            .setRequestId(RatingIds.request(caseId, index))
            .setPrompt("The film was")
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(overlap)
            .setDeadlineMillis(START.plus(PATIENCE).toEpochMilli());
    for (String rollout : rollouts) {
      request.addCandidates(Candidate.newBuilder().setRolloutId(rollout).setText("of " + rollout));
    }
    return request.build();
  }

  private static ScoredRollout rollout(long step, String id) {
    return ScoredRollout.newBuilder()
        .setRunId(RUN)
        .setBatchId(id.substring(0, id.indexOf('/')))
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(step)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId(id)
                .setPrompt("The film was")
                .setResponse("of " + id)
                .addAllPromptTokens(List.of(1, 2))
                .addAllResponseTokens(List.of(3, 4))
                .addAllBehaviourLogProbs(List.of(-1f, -2f))
                .setPolicyVersion(7))
        .setReward(MODEL)
        .putScores("classifier", MODEL)
        .build();
  }

  static Ranks ranks(Integer... ranks) {
    return Ranks.newBuilder().addAllRanks(List.of(ranks)).build();
  }

  static Rating first(RatingCase asked, String rater, long revision) {
    return said(asked, rater, revision).setRanks(ranks(1, 2)).build();
  }

  static Rating second(RatingCase asked, String rater, long revision) {
    return said(asked, rater, revision).setRanks(ranks(2, 1)).build();
  }

  static Rating skip(RatingCase asked, String rater, long revision) {
    return said(asked, rater, revision).setSkip(Skip.getDefaultInstance()).build();
  }

  static Rating withdrawal(RatingCase asked, String rater, long revision) {
    return said(asked, rater, revision).setWithdrawal(Withdrawal.getDefaultInstance()).build();
  }

  static Rating.Builder said(RatingCase asked, String rater, long revision) {
    return Rating.newBuilder()
        .setRunId(RUN)
        .setRequestId(RatingIds.request(asked.getCaseId(), 0))
        .setRaterId(rater)
        .setRevision(revision)
        .setLatencyMillis(3000)
        .setSource("page")
        .setSaidMillis(START.toEpochMilli());
  }
}
