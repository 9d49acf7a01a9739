package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.ScaleQuestion;
import org.elasticreset.proto.v1.ThumbsQuestion;
import org.elasticreset.rating.Answer;
import org.elasticreset.rating.Fallback;
import org.elasticreset.rating.Question;
import org.elasticreset.rating.Receipt;
import org.junit.jupiter.api.Test;

class RatingTranslationTest {

  private static final RatingCase ASKED = Cases.pair(3, 0, 2);
  private static final RatingRequest PAIR = ASKED.getRequests(0);

  private static RatingRequest.Builder aboutOne() {
    return PAIR.toBuilder().removeCandidates(1);
  }

  @Test
  void everyAnswerIsTranslated() {
    var said = Cases.said(ASKED, "ada", 2);
    assertThat(RatingTranslation.rating(said.clone().setRanks(Cases.ranks(2, 1)).build()).answer())
        .contains(new Answer.Ranks(List.of(2, 1)));
    assertThat(RatingTranslation.rating(said.clone().setMark(4.5).build()).answer())
        .contains(new Answer.Mark(4.5));
    assertThat(RatingTranslation.rating(said.clone().setThumbUp(false).build()).answer())
        .contains(new Answer.Thumb(false));
    assertThat(RatingTranslation.rating(Cases.skip(ASKED, "ada", 2)).answer())
        .contains(new Answer.Skip());
    var withdrawal = RatingTranslation.rating(Cases.withdrawal(ASKED, "ada", 2));
    assertThat(withdrawal.answer()).isEmpty();
    assertThat(withdrawal.requestId()).isEqualTo(PAIR.getRequestId());
    assertThat(withdrawal.raterId()).isEqualTo("ada");
    assertThat(withdrawal.revision()).isEqualTo(2);
    assertThat(withdrawal.latency()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void everyQuestionIsTranslated() {
    var request = RatingTranslation.request(PAIR, Fallback.READMIT);
    assertThat(request.id()).isEqualTo(PAIR.getRequestId());
    assertThat(request.question()).isEqualTo(new Question.Order(2));
    assertThat(request.overlap()).isEqualTo(2);
    assertThat(request.deadline()).isEqualTo(Cases.START.plus(Cases.PATIENCE));
    assertThat(request.fallback()).isEqualTo(Fallback.READMIT);
    var scale = ScaleQuestion.newBuilder().setWorst(1).setBest(5).build();
    assertThat(
            RatingTranslation.request(aboutOne().setScale(scale).build(), Fallback.WAIT).question())
        .isEqualTo(new Question.Scale(1, 5));
    var thumbs = aboutOne().setThumbs(ThumbsQuestion.getDefaultInstance()).build();
    assertThat(RatingTranslation.request(thumbs, Fallback.WAIT).question())
        .isEqualTo(new Question.Thumbs());
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RatingTranslation.rating(Cases.said(ASKED, "ada", 1).build()))
        .withMessageStartingWith("answer: none (expected: ranks");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RatingTranslation.rating(Cases.first(ASKED, "a".repeat(201), 1)))
        .withMessageContaining("at most 200 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RatingTranslation.rating(Cases.first(ASKED, " ", 1)))
        .withMessageContaining("raterId");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                RatingTranslation.request(
                    PAIR.toBuilder().setThumbs(ThumbsQuestion.getDefaultInstance()).build(),
                    Fallback.WAIT))
        .withMessage("candidates: 2 (expected: 1, which is what the question is about)");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> RatingTranslation.request(PAIR.toBuilder().clearOrder().build(), Fallback.WAIT))
        .withMessageStartingWith("question: none");
  }

  @Test
  void everyReceiptHasItsWord() {
    for (Receipt receipt : Receipt.values()) {
      assertThat(RatingTranslation.receipt(receipt))
          .isEqualTo(RatingReceipt.valueOf("RATING_" + receipt));
    }
  }
}
