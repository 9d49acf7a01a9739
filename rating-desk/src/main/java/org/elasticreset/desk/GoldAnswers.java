package org.elasticreset.desk;

import org.elasticreset.proto.v1.GoldChange;
import org.elasticreset.rating.Answer;
import org.elasticreset.rating.GoldQuestion;
import org.elasticreset.rating.Rating;
import org.jspecify.annotations.Nullable;

/** Answers to gold questions, as the books on raters count them. */
final class GoldAnswers {

  private GoldAnswers() {}

  /** What a rating changes in the books on its rater; what was said before no longer counts. */
  static GoldChange change(GoldQuestion gold, @Nullable Rating before, Rating after) {
    GoldChange.Builder change = GoldChange.newBuilder();
    if (before != null) {
      count(gold, before, -1, change);
    }
    count(gold, after, 1, change);
    return change.build();
  }

  private static void count(GoldQuestion gold, Rating rating, int by, GoldChange.Builder change) {
    if (rating.answer().isEmpty() || rating.answer().get() instanceof Answer.Skip) {
      return;
    }
    if (gold.isRight(rating.answer().get())) {
      change.setRight(change.getRight() + by);
    } else {
      change.setWrong(change.getWrong() + by);
    }
  }
}
