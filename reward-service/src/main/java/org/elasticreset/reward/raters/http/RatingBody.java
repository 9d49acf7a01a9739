package org.elasticreset.reward.raters.http;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.proto.v1.Withdrawal;
import org.elasticreset.reward.raters.door.RatingRefused;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/ratings}, in which any field may be missing. */
record RatingBody(
    @Nullable String requestId,
    @Nullable List<Integer> ranks,
    @Nullable Double mark,
    @Nullable Boolean thumbUp,
    @Nullable Boolean skip,
    @Nullable Boolean withdrawn,
    @Nullable List<Integer> shown,
    @Nullable Long latencyMillis,
    @Nullable String comment,
    @Nullable Long revision) {

  private static final String ONE = "exactly one of ranks, mark, thumbUp, skip and withdrawn";

  /**
   * As the contract has it.
   *
   * @throws RatingRefused naming the field that is missing, or one too many
   */
  Rating rating() {
    if (requestId == null || requestId.isBlank()) {
      throw RatingRefused.invalid("requestId: none (expected: that of a request)");
    }
    if (revision != null && revision < 1) {
      throw RatingRefused.invalid("revision: " + revision + " (expected: from 1)");
    }
    Rating.Builder rating = Rating.newBuilder().setRequestId(requestId);
    answer(rating);
    if (shown != null) {
      rating.addAllShown(whole("shown", shown));
    }
    if (latencyMillis != null) {
      rating.setLatencyMillis(latencyMillis);
    }
    if (comment != null) {
      rating.setComment(comment);
    }
    if (revision != null) {
      rating.setRevision(revision);
    }
    return rating.build();
  }

  private void answer(Rating.Builder rating) {
    List<String> given = new ArrayList<>();
    if (ranks != null) {
      given.add("ranks");
      rating.setRanks(Ranks.newBuilder().addAllRanks(whole("ranks", ranks)));
    }
    if (mark != null) {
      given.add("mark");
      rating.setMark(mark);
    }
    if (thumbUp != null) {
      given.add("thumbUp");
      rating.setThumbUp(thumbUp);
    }
    if (Boolean.TRUE.equals(skip)) {
      given.add("skip");
      rating.setSkip(Skip.getDefaultInstance());
    }
    if (Boolean.TRUE.equals(withdrawn)) {
      given.add("withdrawn");
      rating.setWithdrawal(Withdrawal.getDefaultInstance());
    }
    if (given.size() != 1) {
      throw RatingRefused.invalid(
          "answer: %s (expected: %s)"
              .formatted(given.isEmpty() ? "none" : String.join(" and ", given), ONE));
    }
  }

  private static List<Integer> whole(String field, List<@Nullable Integer> numbers) {
    for (@Nullable Integer number : numbers) {
      if (number == null) {
        throw RatingRefused.invalid(field + ": a null in it (expected: numbers)");
      }
    }
    return List.copyOf(numbers);
  }
}
