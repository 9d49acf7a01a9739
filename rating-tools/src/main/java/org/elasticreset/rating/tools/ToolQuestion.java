package org.elasticreset.rating.tools;

import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Question.Order;
import org.elasticreset.rating.Question.Scale;
import org.elasticreset.rating.Question.Thumbs;

/** What a request asks, as tools can ask it. */
final class ToolQuestion {

  private ToolQuestion() {}

  /**
   * The question of a request.
   *
   * @throws IllegalArgumentException if it has none, or another number of responses than it is
   *     about
   */
  static Question of(RatingRequest request) {
    Question question =
        switch (request.getQuestionCase()) {
          case ORDER -> new Order(request.getCandidatesCount());
          case SCALE -> new Scale(request.getScale().getWorst(), request.getScale().getBest());
          case THUMBS -> new Thumbs();
          case QUESTION_NOT_SET ->
              throw new IllegalArgumentException(
                  "question: none (expected: ORDER, SCALE or THUMBS)");
        };
    if (request.getCandidatesCount() != question.candidates()) {
      throw new IllegalArgumentException(
          "candidates: %d (expected: %d, of which %s is asked)"
              .formatted(request.getCandidatesCount(), question.candidates(), question));
    }
    return question;
  }

  /**
   * Tools have whole marks only.
   *
   * @param most marks that the tool can show
   * @throws IllegalArgumentException if the scale has others, or more
   */
  static void requireWhole(Scale scale, int most) {
    boolean whole =
        scale.worst() == Math.rint(scale.worst()) && scale.best() == Math.rint(scale.best());
    if (!whole || scale.best() - scale.worst() >= most) {
      throw new IllegalArgumentException(
          "scale: %s to %s (expected: whole numbers, at most %d marks)"
              .formatted(scale.worst(), scale.best(), most));
    }
  }
}
