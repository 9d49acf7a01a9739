package org.elasticreset.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.elasticreset.rating.Answer.Mark;
import org.elasticreset.rating.Answer.Ranks;
import org.elasticreset.rating.Answer.Skip;
import org.elasticreset.rating.Answer.Thumb;
import org.junit.jupiter.api.Test;

class GoldQuestionTest {

  @Test
  void ofAPairAndOfThumbsOnlyTheSameAnswerIsRight() {
    GoldQuestion pair = new GoldQuestion(new Question.Order(2), Ranks.first());
    assertThat(pair.isRight(Ranks.first())).isTrue();
    assertThat(pair.isRight(Ranks.tie())).isFalse();
    assertThat(pair.isRight(Ranks.second())).isFalse();
    GoldQuestion thumbs = new GoldQuestion(new Question.Thumbs(), new Thumb(true));
    assertThat(thumbs.isRight(new Thumb(true))).isTrue();
    assertThat(thumbs.isRight(new Thumb(false))).isFalse();
  }

  @Test
  void aMarkMayBeAQuarterOff() {
    GoldQuestion scale = new GoldQuestion(new Question.Scale(1, 5), new Mark(4));
    assertThat(scale.isRight(new Mark(5))).isTrue();
    assertThat(scale.isRight(new Mark(3))).isTrue();
    assertThat(scale.isRight(new Mark(2))).isFalse();
  }

  @Test
  void ofThreeNoneMayChangePlaces() {
    GoldQuestion ranking = new GoldQuestion(new Question.Order(3), new Ranks(List.of(1, 2, 3)));
    assertThat(ranking.isRight(new Ranks(List.of(1, 2, 2)))).isTrue();
    assertThat(ranking.isRight(new Ranks(List.of(1, 3, 2)))).isFalse();
  }

  @Test
  void whatAnswersNothingIsNoGold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoldQuestion(new Question.Thumbs(), new Skip()))
        .withMessage("gold answer: Skip[] (expected: no skip)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GoldQuestion(new Question.Thumbs(), new Mark(1)));
  }
}
