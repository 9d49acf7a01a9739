package org.elasticreset.reward.raters.door;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.OrderQuestion;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;

/** A board, with a clock that stands still unless it is told to go. */
final class BoardOfTest {

  static final String RUN = "board-run";
  static final Duration LEASE = Duration.ofMinutes(5);
  static final Duration LONGEST = Duration.ofMinutes(10);
  static final int GOLD_OVERLAP = 1_000_000;

  final Raters raters = new Raters();
  final RequestBoard board;
  final Clock clock;
  private final Map<String, String> ids = new HashMap<>();
  private Instant now = Instant.EPOCH;

  BoardOfTest(double goldShare) {
    clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    board =
        new RequestBoard(
            RUN,
            clock,
            LEASE,
            LONGEST,
            request -> request.getOverlap() == GOLD_OVERLAP,
            goldShare,
            raters);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  long now() {
    return now.toEpochMilli();
  }

  long endOfLease() {
    return now.plus(LEASE).toEpochMilli();
  }

  /** Asks which of two is better. */
  void ask(String id, int overlap, long deadlineMillis) {
    ids.put(Draw.name(RUN, id), id);
    board.asked(
        id,
        RatingRequest.newBuilder()
            .setRunId(RUN)
            .setRequestId(id)
            .setPrompt("Which?")
            .addCandidates(Candidate.newBuilder().setRolloutId("train-12-0/3").setText("one"))
            .addCandidates(Candidate.newBuilder().setRolloutId("train-12-0/4").setText("two"))
            .setOrder(OrderQuestion.getDefaultInstance())
            .setOverlap(overlap)
            .setDeadlineMillis(deadlineMillis)
            .setPolicyVersion(17)
            .setTargetStep(12)
            .build());
  }

  /** By which raters know a request. */
  static String name(String id) {
    return Draw.name(RUN, id);
  }

  /** Whose name this is. */
  String id(Handout handout) {
    return ids.get(handout.name());
  }

  Rating answer(String rater, String id, long revision) {
    return rating(rater, id, revision).setRanks(Ranks.newBuilder().addRanks(1).addRanks(2)).build();
  }

  Rating.Builder rating(String rater, String id, long revision) {
    return Rating.newBuilder()
        .setRunId(RUN)
        .setRequestId(id)
        .setRaterId(rater)
        .setRevision(revision);
  }
}
