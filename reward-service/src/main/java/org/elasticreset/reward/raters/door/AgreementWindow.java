package org.elasticreset.reward.raters.door;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.desk.RatingTranslation;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.Agreement;
import org.elasticreset.rating.Answer;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.RatedRequest;
import org.elasticreset.rating.RatingRequest;
import org.jspecify.annotations.Nullable;

/**
 * The newest requests with what was said of them, by which raters are held against each other. Made
 * of {@code ratings} alone, which tell what was asked: the ends of a scale come from the settings.
 */
final class AgreementWindow {

  private static final int MOST_REQUESTS = 1000;

  /** As on the board: anybody who may write the topic could make us keep any number. */
  private static final int MOST_RATERS = 1000;

  private final Question.Scale scale;
  private final Map<String, RatedRequest> requests = new Recent<>(MOST_REQUESTS);

  /**
   * Empty.
   *
   * @param scale on which marks are
   */
  AgreementWindow(Question.Scale scale) {
    this.scale = scale;
  }

  /** A record of {@code ratings}; one that answers nothing is left out. */
  synchronized void said(Rating said) {
    try {
      var rating = RatingTranslation.rating(said.toBuilder().clearComment().build());
      @Nullable RatedRequest before = requests.get(said.getRequestId());
      if (before == null) {
        before =
            rating
                .answer()
                .flatMap(this::question)
                .map(question -> asked(said.getRequestId(), question))
                .orElse(null);
      }
      if (before != null && before.ratings().size() < MOST_RATERS) {
        requests.put(said.getRequestId(), before.with(rating));
      }
    } catch (IllegalArgumentException e) {
      // Refused by the desk, too.
      return;
    }
  }

  private static RatedRequest asked(String id, Question question) {
    return RatedRequest.open(new RatingRequest(id, question, 1, Instant.EPOCH, Fallback.WAIT));
  }

  private Optional<Question> question(Answer answer) {
    if (answer instanceof Answer.Ranks ranks && ranks.ranks().size() >= 2) {
      return Optional.of(new Question.Order(ranks.ranks().size()));
    }
    if (answer instanceof Answer.Mark) {
      return Optional.of(scale);
    }
    return answer instanceof Answer.Thumb ? Optional.of(new Question.Thumbs()) : Optional.empty();
  }

  /** How far they agree, without those who are muted. */
  Agreement agreement(Set<String> muted) {
    return Agreement.of(newest(), muted);
  }

  private synchronized List<RatedRequest> newest() {
    return List.copyOf(requests.values());
  }
}
