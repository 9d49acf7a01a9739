package org.elasticreset.desk;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.rating.Answer;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Rating;
import org.elasticreset.rating.RatingRequest;
import org.elasticreset.rating.Receipt;

/** From the messages of the contract to the records of {@code rating}, and back. */
public final class RatingTranslation {

  /** What a rater has to say may be long, but not who they are: it is kept and compared. */
  private static final int LONGEST_RATER_ID = 200;

  private RatingTranslation() {}

  /**
   * What a rater says.
   *
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  public static Rating rating(org.elasticreset.proto.v1.Rating said) {
    require(
        said.getRaterId().length() <= LONGEST_RATER_ID,
        "rater_id",
        said.getRaterId(),
        "at most " + LONGEST_RATER_ID + " characters");
    return new Rating(
        said.getRequestId(),
        said.getRaterId(),
        said.getRevision(),
        answer(said),
        Duration.ofMillis(said.getLatencyMillis()),
        said.getComment());
  }

  /** Empty: what was said before is withdrawn. */
  private static Optional<Answer> answer(org.elasticreset.proto.v1.Rating said) {
    return switch (said.getAnswerCase()) {
      case RANKS -> Optional.of(new Answer.Ranks(said.getRanks().getRanksList()));
      case MARK -> Optional.of(new Answer.Mark(said.getMark()));
      case THUMB_UP -> Optional.of(new Answer.Thumb(said.getThumbUp()));
      case SKIP -> Optional.of(new Answer.Skip());
      case WITHDRAWAL -> Optional.empty();
      case ANSWER_NOT_SET ->
          throw new IllegalArgumentException(
              "answer: none (expected: ranks, a mark, a thumb, a skip or a withdrawal)");
    };
  }

  /**
   * What people are asked.
   *
   * @throws IllegalArgumentException naming the field that cannot be used
   */
  public static RatingRequest request(
      org.elasticreset.proto.v1.RatingRequest asked, Fallback fallback) {
    return new RatingRequest(
        asked.getRequestId(),
        question(asked),
        asked.getOverlap(),
        Instant.ofEpochMilli(asked.getDeadlineMillis()),
        fallback);
  }

  private static Question question(org.elasticreset.proto.v1.RatingRequest asked) {
    int candidates = asked.getCandidatesCount();
    Question question =
        switch (asked.getQuestionCase()) {
          case ORDER -> new Question.Order(candidates);
          case SCALE -> new Question.Scale(asked.getScale().getWorst(), asked.getScale().getBest());
          case THUMBS -> new Question.Thumbs();
          case QUESTION_NOT_SET ->
              throw new IllegalArgumentException(
                  "question: none (expected: an order, a scale or thumbs)");
        };
    require(
        candidates == question.candidates(),
        "candidates",
        candidates,
        question.candidates() + ", which is what the question is about");
    return question;
  }

  static RatingReceipt receipt(Receipt receipt) {
    return switch (receipt) {
      case TAKEN -> RatingReceipt.RATING_TAKEN;
      case REVISED -> RatingReceipt.RATING_REVISED;
      case WITHDRAWN -> RatingReceipt.RATING_WITHDRAWN;
      case DUPLICATE -> RatingReceipt.RATING_DUPLICATE;
      case OUTDATED -> RatingReceipt.RATING_OUTDATED;
      case CLOSED -> RatingReceipt.RATING_CLOSED;
    };
  }

  /**
   * What became of a rating, for the record.
   *
   * @param runId of the desk, whatever the rating says
   * @param reason why it was refused; empty of others
   */
  static RatingAudit audit(
      String runId,
      org.elasticreset.proto.v1.Rating said,
      RatingReceipt receipt,
      String reason,
      long now) {
    return RatingAudit.newBuilder()
        .setRunId(runId)
        .setRequestId(Untrusted.shown(said.getRequestId()))
        .setRaterId(Untrusted.shown(said.getRaterId()))
        .setRevision(said.getRevision())
        .setReceipt(receipt)
        .setReason(Untrusted.shown(reason))
        .setSource(Untrusted.shown(said.getSource()))
        .setSaidMillis(said.getSaidMillis())
        .setReceivedMillis(now)
        .build();
  }

  static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          field + ": " + Untrusted.shown(String.valueOf(value)) + " (expected: " + expected + ")");
    }
  }
}
