package org.elasticreset.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RatedRequestTest {

  private static final RatedRequest OPEN = RatedRequest.open(Requests.pair("q", 2));

  @Example
  void theHighestRevisionOfARaterHolds() {
    RatedRequest rated =
        OPEN.with(Requests.rating("q", "ada", 1, Answer.Ranks.first()))
            .with(Requests.rating("q", "ada", 3, Answer.Ranks.tie()))
            .with(Requests.rating("q", "ada", 2, Answer.Ranks.second()));
    assertThat(rated.ratings().get("ada").answer()).contains(Answer.Ranks.tie());
  }

  @Example
  void aRatingThatComesAgainIsADuplicate() {
    Rating first = Requests.rating("q", "ada", 1, Answer.Ranks.first());
    RatedRequest rated = OPEN.with(first);
    assertThat(rated.receiptOf(first)).isEqualTo(Receipt.DUPLICATE);
    assertThat(rated.with(first)).isSameAs(rated);
  }

  @Example
  void whatIsWithdrawnSaysNothingAndMayBeAskedAgain() {
    RatedRequest rated =
        OPEN.with(Requests.rating("q", "ada", 1, Answer.Ranks.first()))
            .with(Requests.withdrawal("q", "ada", 2));
    assertThat(rated.answers(Set.of())).isEmpty();
    assertThat(rated.isDoneBy("ada")).isFalse();
  }

  @Example
  void aWithdrawalThatOvertakesItsAnswerHolds() {
    RatedRequest rated =
        OPEN.with(Requests.withdrawal("q", "ada", 2))
            .with(Requests.rating("q", "ada", 1, Answer.Ranks.first()));
    assertThat(rated.answers(Set.of())).isEmpty();
  }

  @Example
  void aSkipIsNoAnswerAndIsNotAskedAgain() {
    RatedRequest rated = OPEN.with(Requests.rating("q", "ada", 1, new Answer.Skip()));
    assertThat(rated.answers(Set.of())).isEmpty();
    assertThat(rated.isDoneBy("ada")).isTrue();
  }

  @Example
  void nothingChangesWhenItsStepIsClosed() {
    RatedRequest closed = OPEN.with(Requests.rating("q", "ada", 1, Answer.Ranks.first())).close();
    Rating late = Requests.rating("q", "ada", 2, Answer.Ranks.second());
    assertThat(closed.receiptOf(late)).isEqualTo(Receipt.CLOSED);
    assertThat(closed.with(late)).isSameAs(closed);
  }

  @Example
  void anAnswerToAnotherQuestionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPEN.with(Requests.rating("q", "ada", 1, new Answer.Thumb(true))))
        .withMessage("answer: Thumb[up=true] (expected: ranks of 2 candidates, or a skip)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OPEN.with(Requests.rating("other", "ada", 1, Answer.Ranks.tie())))
        .withMessageContaining("q, which this is");
  }

  /** What the desk and its successor after a crash make of the same ratings. */
  @Property
  void theOrderAndTheNumberOfDeliveriesMakeNoDifference(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int ratings) {
    Random random = new Random(seed);
    List<Rating> said = new ArrayList<>();
    for (int i = 0; i < ratings; i++) {
      String rater = "rater-" + random.nextInt(4);
      long revision = 1 + said.stream().filter(r -> r.raterId().equals(rater)).count();
      said.add(
          random.nextInt(4) == 0
              ? Requests.withdrawal("q", rater, revision)
              : Requests.rating("q", rater, revision, Requests.anyOrder(random)));
    }
    RatedRequest inOrder = OPEN;
    for (Rating rating : said) {
      inOrder = inOrder.with(rating);
    }
    List<Rating> delivered = new ArrayList<>(said);
    delivered.addAll(said.subList(0, said.size() / 2));
    Collections.shuffle(delivered, random);
    RatedRequest shuffled = OPEN;
    for (Rating rating : delivered) {
      shuffled = shuffled.with(rating);
    }
    assertThat(shuffled).isEqualTo(inOrder);
  }
}
