package org.elasticreset.rating.tools;

import java.util.Map;
import java.util.Optional;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Withdrawal;
import org.elasticreset.rating.tools.SeenDeliveries.Newest;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Deleted;

/**
 * Makes ratings of what tools report, in whatever order it arrives. A tool that deletes an answer
 * may say its id and no more, so this remembers whose answer to what the newest ids were. What is
 * deleted stays deleted: an answer that was on its way for longer than its deletion is withdrawn as
 * it arrives.
 *
 * <p>A deletion is the revision after the newest that it deletes, by one microsecond. So another
 * answer that the same rater gave later holds.
 *
 * <p>Where several take deliveries, each has a book and {@linkplain #heard hears} the ratings of
 * all. Any of them may then be told of a deletion, before or after the answer, and those who know
 * of the same deletion say the same.
 */
public final class AnswerBook {

  private final Map<String, Rating> answers;
  private final Map<String, Boolean> deleted;

  /**
   * Remembers at most so many answers, and as many deletions.
   *
   * @param capacity at least 1; about 300 bytes each
   */
  public AnswerBook(int capacity) {
    answers = new Newest<>(capacity);
    deleted = new Newest<>(capacity);
  }

  /**
   * The rating that an event amounts to.
   *
   * @return empty if it is none, or deletes an answer that is not known yet
   */
  public synchronized Optional<Rating> rating(ToolEvent event) {
    if (event instanceof Answered answered) {
      remember(answered.answerId(), answered.rating());
      return deleted.containsKey(answered.answerId())
          ? withdrawal(answered.answerId())
          : Optional.of(answered.rating());
    }
    if (event instanceof Deleted deletion) {
      deletion.last().ifPresent(last -> remember(deletion.answerId(), last));
      deleted.put(deletion.answerId(), true);
      return withdrawal(deletion.answerId());
    }
    return Optional.empty();
  }

  /**
   * Somebody wrote this rating.
   *
   * @param rating of whatever source
   * @return the withdrawal of it, if its answer is known to be deleted and this does not say so
   */
  public synchronized Optional<Rating> heard(Rating rating) {
    String answerId = rating.getAnswerId();
    if (answerId.isEmpty()) {
      return Optional.empty();
    }
    remember(answerId, rating);
    return deleted.containsKey(answerId) && !rating.hasWithdrawal()
        ? withdrawal(answerId)
        : Optional.empty();
  }

  private void remember(String answerId, Rating rating) {
    Rating.Builder whose = rating.toBuilder().clearComment().clearShown();
    if (!rating.hasWithdrawal()) {
      whose.clearAnswer();
    }
    answers.merge(
        answerId,
        whose.build(),
        (one, other) -> other.getRevision() > one.getRevision() ? other : one);
  }

  /** One that is withdrawn already is so again with the same revision. */
  private Optional<Rating> withdrawal(String answerId) {
    return Optional.ofNullable(answers.get(answerId))
        .map(last -> last.hasWithdrawal() ? last : withdrawn(last));
  }

  private static Rating withdrawn(Rating last) {
    return last.toBuilder()
        .setRevision(last.getRevision() + 1)
        .setWithdrawal(Withdrawal.getDefaultInstance())
        .build();
  }
}
